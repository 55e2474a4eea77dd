"""Scenarios 1 to 3: a click draws a mask, the brush changes single pixels, every step can be taken back."""

import time

import numpy as np
import pytest
from browser.database import pixels, targets
from browser.page import (
    area,
    chip,
    click_detail,
    detail_spot,
    grow,
    held,
    middle_of,
    open_frame,
    readout,
    set_zoom,
    wait_area,
    wait_frame,
)
from browser.scenes import SHAPE, half_height, write_blobs
from served import start

ROW, COL = 300, 200


@pytest.fixture(scope="module")
def drawing(tmp_path_factory):
    """A folder of six frames, each with a target at the same place, and its server."""
    folder = write_blobs(tmp_path_factory.mktemp("drawing") / "still", 6, ROW, COL).parent
    running = start(folder, "--labeler", "tau")
    yield folder, running
    running.kill()


def test_one_click_draws_the_target_centres_the_detail_and_is_saved(drawing, page, shot):
    folder, running = drawing
    open_frame(page, running, "still", 0)
    begun = time.monotonic()
    grow(page, ROW, COL)
    wait_area(page, 9)
    assert time.monotonic() - begun < 1
    chip(page, "saved")
    (row,) = targets(folder, "still/000")
    assert (pixels(row, SHAPE) == half_height(ROW, COL)).all()
    assert (row["revision"], row["status"], row["source"]) == (1, "candidate", "fuse")
    page.mouse.move(*middle_of(page))
    assert np.hypot(readout(page)[0] - ROW, readout(page)[1] - COL) <= 1.5
    shot(page)


@pytest.mark.parametrize(("index", "scale"), [(1, 1), (2, 1.5), (3, 2)])
def test_a_click_in_the_detail_is_one_pixel_at_every_zoom_and_scale_of_the_screen(drawing, window, shot, index, scale):
    folder, running = drawing
    page = window(scale, 1000, 500).new_page()
    open_frame(page, running, "still", index)
    grow(page, ROW, COL)
    wait_area(page, 9)
    for zoom, col in [(16, COL + 7), (64, COL + 2), (8, COL + 11)]:
        set_zoom(page, zoom)
        click_detail(page, ROW - 2, col)
        wait_area(page, 10)
        chip(page, "saved")
        (row,) = targets(folder, f"still/{index:03d}")
        assert np.argwhere(pixels(row, SHAPE) & ~half_height(ROW, COL)).tolist() == [[ROW - 2, col]]
        with held(page, "Alt"):
            page.mouse.click(*detail_spot(page, ROW - 2, col))
        wait_area(page, 9)
    chip(page, "saved")
    shot(page, f"one_pixel_{scale}")


def test_strokes_are_undone_redone_and_undone_after_a_reload(drawing, page, shot):
    folder, running = drawing
    open_frame(page, running, "still", 4)
    grow(page, ROW, COL)
    for k in range(3):
        click_detail(page, ROW - 5, COL - 2 + 2 * k)
        wait_area(page, 10 + k)
    for k in range(3):
        page.keyboard.press("Control+z")
        wait_area(page, 11 - k)
    chip(page, "saved")
    assert (pixels(targets(folder, "still/004")[0], SHAPE) == half_height(ROW, COL)).all()
    page.keyboard.press("Control+Shift+Z")
    page.keyboard.press("Control+y")
    wait_area(page, 11)
    chip(page, "saved")
    before = pixels(targets(folder, "still/004")[0], SHAPE)
    page.reload()
    wait_frame(page, 4)
    assert area(page) == 11
    page.keyboard.press("Control+z")
    wait_area(page, 10)
    chip(page, "saved")
    after = pixels(targets(folder, "still/004")[0], SHAPE)
    assert np.argwhere(before & ~after).tolist() == [[ROW - 5, COL]]
    page.keyboard.press("Control+Shift+Z")
    wait_area(page, 11)
    chip(page, "saved")
    assert (pixels(targets(folder, "still/004")[0], SHAPE) == before).all()
    shot(page)
