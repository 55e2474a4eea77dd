"""Scenario 7: a target that a steep slope hides is seen with local contrast; the readout tells the file's levels."""

import cv2
import numpy as np
import pytest
from browser.canvas import drawn
from browser.page import chip, grow, open_frame, readout, settle, spot, wait_area
from browser.scenes import write
from served import start

SHAPE = (256, 320)
ROW, COL = 140, 171
HEIGHT, SLOPE = 40, 3000


@pytest.fixture(scope="module")
def sloping(tmp_path_factory):
    """14 bits, 3000 levels from left to right, noise of four levels, and a target 40 levels above what is around it."""
    folder = tmp_path_factory.mktemp("sloping")
    image = 9000 + np.random.default_rng(7).normal(0, 4, SHAPE) + np.linspace(0, SLOPE, SHAPE[1])[None]
    image[ROW - 1 : ROW + 2, COL - 1 : COL + 2] += HEIGHT
    write(folder / "slope/0.png", image)
    running = start(folder)
    yield folder, running
    running.kill()


def contrast(page):
    """How many spreads of its surroundings the target stands out by, as it is drawn."""
    settle(page)
    seen = drawn(page, ROW, COL, 10)
    inside = np.zeros(seen.shape, bool)
    inside[9:12, 9:12] = True
    return (seen[inside].mean() - seen[~inside].mean()) / seen[~inside].std()


def test_local_contrast_shows_what_the_window_hides(sloping, window, shot):
    _, running = sloping
    page = window(2, 1000, 700).new_page()
    open_frame(page, running, "slope")
    page.mouse.move(2, 2)
    hidden = contrast(page)
    shot(page, "slope_plain")
    page.keyboard.press("l")
    page.locator(".pane.global .caption", has_text="local contrast").wait_for()
    seen = contrast(page)
    shot(page, "slope_local")
    assert hidden < 1.5
    assert seen > 3
    page.keyboard.press("l")
    page.locator(".pane.global .caption", has_text="CLAHE").wait_for()
    assert page.get_by_label("Local contrast").input_value() == "clahe"
    page.get_by_label("Local contrast").select_option("none")
    page.locator(".pane.global .caption", has_not_text="CLAHE").wait_for()
    assert contrast(page) == hidden


def test_the_readout_tells_the_level_of_the_file_with_and_without_local_contrast(sloping, page):
    folder, running = sloping
    levels = cv2.imread(str(folder / "slope/0.png"), cv2.IMREAD_UNCHANGED)
    open_frame(page, running, "slope")
    for row, col in [(ROW, COL), (0, 0), (SHAPE[0] - 1, SHAPE[1] - 1), (17, 301)]:
        page.mouse.move(*spot(page, row, col))
        assert readout(page) == (row, col, levels[row, col])
    page.keyboard.press("l")
    page.locator(".pane.global .caption", has_text="local contrast").wait_for()
    assert readout(page) == (17, 301, levels[17, 301])


def test_a_click_draws_the_hidden_target(sloping, page):
    _, running = sloping
    open_frame(page, running, "slope")
    page.keyboard.press("l")
    grow(page, ROW, COL)
    wait_area(page, 9)
    chip(page, "saved")
