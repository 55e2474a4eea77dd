"""Scenarios 4, 5 and the last part of 10: nothing that was drawn is lost, whoever stops, restarts or edits beside."""

import numpy as np
import pytest
from browser.database import integrity, pixels, targets
from browser.page import area, chip, click_detail, detail_spot, grow, open_frame, state, wait_area, wait_frame
from browser.scenes import SHAPE, half_height, write_blobs

ROW, COL = 300, 200


@pytest.fixture
def folder(tmp_path):
    return write_blobs(tmp_path / "set/still", 2, ROW, COL).parent


def extra(folder, frame="still/000"):
    """Pixels of the frame's one target beyond its half height."""
    (row,) = targets(folder, frame)
    return np.argwhere(pixels(row, SHAPE) & ~half_height(ROW, COL)).tolist()


def test_nothing_is_lost_to_a_reload_before_saving_or_to_a_killed_server(served, folder, page, shot):
    running = served(folder, "--labeler", "tau")
    open_frame(page, running, "still")
    grow(page, ROW, COL)
    wait_area(page, 9)
    page.keyboard.press("Space")  # accepted; the page goes on to the next frame
    wait_frame(page, 1)
    chip(page, "saved")
    open_frame(page, running, "still")
    page.keyboard.press("Tab")  # chooses the target, which asks for no look any more
    x, y = detail_spot(page, ROW - 2, COL)
    page.mouse.click(x, y)
    assert state(page) in ("unsaved", "saving")  # the chip says so in the same moment
    page.reload()
    wait_frame(page, 0)
    chip(page, "saved")
    wait_area(page, 10)
    assert extra(folder) == [[ROW - 2, COL]]
    click_detail(page, ROW + 2, COL)
    chip(page, "saved")
    running.kill()
    assert integrity(folder) == "ok"
    again = served(folder, "--labeler", "tau", port=running.port)
    open_frame(page, again, "still")
    wait_area(page, 11)
    (row,) = targets(folder, "still/000")
    assert extra(folder) == [[ROW - 2, COL], [ROW + 2, COL]]
    assert (row["status"], row["source"], integrity(folder)) == ("accepted", "hand", "ok")
    assert page.locator(".target[data-status=fixed]").count() == 1
    shot(page)


def test_two_tabs_on_one_frame_lose_neither_version(served, folder, window, shot):
    running = served(folder, "--labeler", "tau")
    context = window()
    mine, theirs = context.new_page(), context.new_page()
    open_frame(mine, running, "still")
    grow(mine, ROW, COL)
    chip(mine, "saved")
    open_frame(theirs, running, "still")
    wait_area(theirs, 9)
    mine.bring_to_front()
    click_detail(mine, ROW - 3, COL)
    chip(mine, "saved")
    theirs.bring_to_front()
    click_detail(theirs, ROW + 3, COL)
    chip(theirs, "conflict")
    assert extra(folder) == [[ROW - 3, COL]]  # nothing is written over
    theirs.locator("[data-chip]").click()
    theirs.wait_for_url("**/compare")
    theirs.get_by_text("IoU 0.82").wait_for()  # nine pixels of eleven are in both
    shot(theirs, "compare")
    theirs.keyboard.press("3")
    theirs.keyboard.press("Enter")
    theirs.wait_for_url("**/s/still/0")
    wait_frame(theirs, 0)
    chip(theirs, "saved")
    assert extra(folder) == [[ROW - 3, COL], [ROW + 3, COL]]
    assert area(theirs) == 11


def test_work_goes_on_without_the_server_and_is_sent_when_it_is_back(served, folder, window, shot):
    running = served(folder, "--labeler", "tau")
    page = window().new_page()
    open_frame(page, running, "still")
    grow(page, ROW, COL)
    chip(page, "saved")
    running.stop()
    click_detail(page, ROW - 3, COL)
    chip(page, "offline")
    click_detail(page, ROW + 3, COL)
    page.keyboard.press("Control+z")
    click_detail(page, ROW, COL + 3)
    wait_area(page, 11)
    assert state(page) == "offline"
    assert extra(folder) == []
    shot(page)
    again = served(folder, "--labeler", "tau", port=running.port)
    page.locator("[data-chip]").click()  # the new server has a new token: its address lets the browser in again
    page.wait_for_selector("[data-chip][title*='open the address that glimt annotate printed']")
    page.context.new_page().goto(again.address)
    chip(page, "saved")
    assert extra(folder) == [[ROW - 3, COL], [ROW, COL + 3]]
    assert area(page) == 11
