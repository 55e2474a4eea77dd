"""Scenario 9: twenty targets are looked over without touching the mouse."""

from collections import Counter

import pytest
from browser.database import rows
from browser.focus import nameless, walk
from browser.page import PATIENCE, chip, open_frame, unpacked
from browser.scenes import add_blob, noise, write
from playwright.sync_api import expect

SHAPE = (100, 128)
TARGETS = [(30, 40), (70, 90)]
KEYS = (["Space"] * 3 + ["x"] + ["f"]) * 4  # 12 accepted, 4 rejected, 4 flagged


@pytest.fixture
def twenty(tmp_path, served):
    lines = ["image,row,col"]
    for i in range(10):
        image = noise(i, SHAPE)
        for row, col in TARGETS:
            add_blob(image, row, col, 2000 + 150 * i)
            lines.append(f"clip/{i:03d},{row},{col}")
        write(tmp_path / f"set/clip/{i:03d}.png", image)
    (tmp_path / "points.csv").write_text("\n".join(lines) + "\n")
    return served(tmp_path / "set", "--points", tmp_path / "points.csv")


def tab_to(page, role, name):
    wanted = page.get_by_role(role, name=name, exact=True)
    for _ in range(60):
        if wanted.evaluate("(one) => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {name}")


def facts(page):
    """The queue's numbers by their names."""
    page.locator(".numbers dd").first.wait_for(timeout=PATIENCE)
    names, counts = page.locator(".numbers dt").all_inner_texts(), page.locator(".numbers dd").all_inner_texts()
    return {name: int(count) for name, count in zip(names, counts, strict=True)}


def test_twenty_targets_are_reviewed_by_keys_alone_and_all_counts_agree(twenty, tmp_path, page, shot):
    page.goto(twenty.address)
    assert facts(page)["candidate"] == 20
    tab_to(page, "link", "Review")
    page.keyboard.press("Enter")
    for left, key in zip(range(20, 0, -1), KEYS, strict=True):
        expect(page.locator("aside h2")).to_have_text(
            f"{left} target{'s' if left > 1 else ''} to look at", timeout=PATIENCE
        )
        if left == 14:
            shot(page, "review")
        page.keyboard.press(key)
        if key == "f":
            page.keyboard.press("2")
    page.get_by_text("20 verdicts this visit").wait_for()
    chip(page, "saved")
    tab_to(page, "link", "Queue")
    page.keyboard.press("Enter")
    shown = facts(page)
    kept = Counter(row["status"] for row in rows(tmp_path / "set"))
    assert kept == {"accepted": 12, "rejected": 4, "flagged": 4}
    assert {name: shown[name] for name in ("candidate", *kept)} == {"candidate": 0, **kept}
    assert {row["reason"] for row in rows(tmp_path / "set") if row["status"] == "flagged"} == {"mask is wrong"}
    shot(page, "queue")
    tab_to(page, "combobox", "Export format")
    page.keyboard.type("points")
    tab_to(page, "button", "Export")
    with page.expect_download(timeout=PATIENCE) as coming:
        page.keyboard.press("Enter")
    unpacked(coming.value, tmp_path / "out")
    (file,) = (tmp_path / "out").rglob("points.csv")
    assert len(file.read_text().splitlines()) == 1 + 12


def test_tab_reaches_every_control_and_each_shows_its_focus_and_has_a_name(twenty, page):
    page.goto(twenty.address)
    page.locator(".thumb img").first.wait_for(timeout=PATIENCE)
    page.locator(".numbers dd").first.wait_for(timeout=PATIENCE)
    assert (walk(page), nameless(page)) == (([], []), [])
    page.goto(f"{twenty.base}/review")
    page.get_by_text("20 targets to look at").wait_for()
    assert (walk(page), nameless(page)) == (([], []), [])
    open_frame(page, twenty, "clip", 3)
    page.keyboard.press("w")
    assert (walk(page), nameless(page)) == (([], []), [])
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()
    assert nameless(page) == []
