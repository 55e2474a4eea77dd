"""A folder of 5,000 frames: the page asks for what is in sight, and the server's memory stays where it is."""

import os
import re
from collections import Counter

import pytest
from browser.page import PATIENCE
from browser.scenes import add_blob, noise, write

COUNT = 5000
PAGE = 200  # rows that the page asks for at once


@pytest.fixture
def large(tmp_path, served):
    first = write(tmp_path / "many/f00000.png", add_blob(noise(0, (64, 64)), 30, 30, 3000))
    for i in range(1, COUNT):
        os.link(first, first.with_name(f"f{i:05d}.png"))
    return served(first.parent)


def kinds(requests):
    """How many rows, thumbnails and levels were asked for."""
    names = {"rows": "/api/v1/frames?", "thumbs": "/thumb", "levels": "/raw"}
    return Counter(name for url in requests for name, part in names.items() if part in url)


def test_only_what_is_in_sight_is_asked_for(large, page, shot):
    requests, before = [], large.resident()
    page.on("request", lambda request: requests.append(request.url))
    page.goto(large.address)
    page.locator(".thumb footer").first.wait_for(timeout=PATIENCE)
    page.wait_for_load_state("networkidle")
    assert "5,000 frames" in page.locator(".sequence").inner_text()
    cards = page.locator(".thumb").count()
    assert kinds(requests) == {"rows": 1, "thumbs": cards}
    assert cards < 100
    requests.clear()
    page.locator(".grid-scroll").evaluate("(grid) => (grid.scrollTop = grid.scrollHeight)")
    page.get_by_label(re.compile("^Frame 5000, todo")).wait_for(timeout=PATIENCE)
    page.wait_for_load_state("networkidle")
    asked = kinds(requests)
    assert 1 <= asked["rows"] <= 2  # the last page, and the one that its first row may be on
    assert asked["thumbs"] <= 100
    assert page.locator(".thumb").count() < 100
    shot(page)
    for share in (0.2, 0.4, 0.6, 0.8, 0):
        page.locator(".grid-scroll").evaluate("(grid, share) => (grid.scrollTop = share * grid.scrollHeight)", share)
        page.wait_for_timeout(150)
    page.wait_for_load_state("networkidle")
    assert page.locator(".thumb").count() < 100
    assert large.resident() < before + 150e6
    assert large.resident() < 600e6


def test_a_frame_in_the_middle_opens_without_the_others(large, page):
    page.goto(large.address)
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(f"{large.base}/s/~./2499")
    page.wait_for_selector('[data-stage][data-frame="2499"]', timeout=PATIENCE)
    page.wait_for_load_state("networkidle")
    assert kinds(requests)["levels"] <= 5  # itself and two each way
    assert kinds(requests)["rows"] <= 2
