"""Scenario 8: a key carries a target through its sequence, stops where it is lost, and asks."""

import numpy as np
import pytest
from browser.database import rows
from browser.page import chip, grow, open_frame, toast, wait_frame
from browser.scenes import add_blob, noise, write
from served import start

SHAPE = (200, 280)
COUNT = 30
STEP = (4, 6)
BEGUN = (30, 40)
GONE = 34  # frames of the sequence; the last four have no target


def place(i):
    return BEGUN[0] + STEP[0] * i, BEGUN[1] + STEP[1] * i


@pytest.fixture(scope="module")
def tracks(tmp_path_factory):
    """A target that moves 6 columns and 4 rows a frame and is gone after thirty; one that comes into clutter."""
    folder = tmp_path_factory.mktemp("tracks")
    for i in range(GONE):
        image = noise(i, SHAPE)
        write(folder / f"track/{i:03d}.png", add_blob(image, *place(i), 3000) if i < COUNT else image)
    for i in range(4):
        image = noise(100 + i, SHAPE)
        if i == 3:  # bright and dark stripes all around, past the pixels by which it is found again
            around = np.hypot(*(np.indices(SHAPE) - np.reshape(place(3), (2, 1, 1)))) > 8
            image += np.where(around & (np.indices(SHAPE)[1] // 3 % 2 == 0), 9000, 0)
        write(folder / f"clutter/{i:03d}.png", add_blob(image, *place(i), 3000))
    running = start(folder)
    yield folder, running
    running.kill()


def sequence(folder, name):
    query = (
        'SELECT f.id, t.track, t."row", t.col FROM target t JOIN frame f ON f.number = t.frame'
        " WHERE t.deleted = 0 AND f.sequence = ? ORDER BY f.position"
    )
    return rows(folder, query, name)


def test_a_target_is_carried_through_thirty_frames_and_a_person_asked_where_it_is_gone(tracks, window, shot):
    folder, running = tracks
    page = window(1, 1000, 560).new_page()
    open_frame(page, running, "track")
    grow(page, *place(0))
    chip(page, "saved")
    for i in range(1, COUNT):
        page.keyboard.press("t")
        wait_frame(page, i)
    page.keyboard.press("t")
    toast(page, "Click the target to go on")
    wait_frame(page, COUNT)  # where it was lost, so that a click there goes on
    shot(page)
    found = sequence(folder, "track")
    assert [one["id"] for one in found] == [f"track/{i:03d}" for i in range(COUNT)]
    assert len({one["track"] for one in found}) == 1
    assert max(np.hypot(one["row"] - place(i)[0], one["col"] - place(i)[1]) for i, one in enumerate(found)) < 1


def test_a_target_is_carried_back_to_the_first_frame_and_not_on_into_clutter(tracks, window, shot):
    folder, running = tracks
    page = window(1, 1000, 560).new_page()
    open_frame(page, running, "clutter", 2)
    grow(page, *place(2))
    chip(page, "saved")
    page.keyboard.press("t")
    toast(page, "is too low")
    wait_frame(page, 3)
    shot(page)
    page.keyboard.press("a")
    wait_frame(page, 2)
    for i in (1, 0):
        page.keyboard.press("Shift+T")
        wait_frame(page, i)
    page.keyboard.press("Shift+T")
    toast(page, "there is no frame that way")
    wait_frame(page, 0)  # the view stays on the last one
    found = sequence(folder, "clutter")
    assert [one["id"] for one in found] == [f"clutter/{i:03d}" for i in range(3)]
    assert len({one["track"] for one in found}) == 1
