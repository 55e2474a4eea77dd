"""Following a target. The oracle of the match is the correlation coefficient, place by place."""

import numpy as np
import pytest
from annotate.projects import a_draft, by, frame, write_frames

from glimt.annotate.follow import follow, patch_of
from glimt.annotate.history import undo
from glimt.annotate.project import open_project
from glimt.annotate.propagate import Limits, Stopped, propagate
from glimt.annotate.propose import Clicks, Wish
from glimt.annotate.service import candidates, place
from glimt.annotate.store import targets_on
from glimt.annotate.values import Answer
from glimt.core.errors import DataError, FrameError


def test_the_match_is_the_best_correlation_coefficient_of_all_places():
    rng = np.random.default_rng(5)
    before = rng.random((30, 34)).astype(np.float32)
    after = (0.5 * np.roll(before, (3, -2), (0, 1)) + 0.2 + 0.02 * rng.random((30, 34))).astype(np.float32)
    box = (12, 14, 15, 17)
    match = follow(before, after, box, search=5)
    top, left, bottom, right = patch_of(box, before.shape)
    patch, best = before[top:bottom, left:right].ravel(), {}
    for row in range(-5, 6):
        for col in range(-5, 6):
            there = after[top + row : bottom + row, left + col : right + col].ravel()
            best[row, col] = np.corrcoef(patch, there)[0, 1]
    assert match.shift == max(best, key=best.get) == (3, -2)
    assert match.score == pytest.approx(best[3, -2], abs=1e-4)


def test_a_target_in_the_corner_is_followed_with_the_part_of_its_patch_that_there_is():
    before, after = np.zeros((20, 20), np.float32), np.zeros((20, 20), np.float32)
    before[0:2, 0:2], after[4:6, 3:5] = 0.7, 0.7
    assert follow(before, after, (0, 0, 2, 2), search=8).shift == (4, 3)


def test_nothing_is_said_where_a_frame_is_flat():
    flat, spot = np.full((20, 20), 0.4, np.float32), np.full((20, 20), 0.4, np.float32)
    spot[9:11, 9:11] = 0.9
    assert follow(flat, spot, (9, 9, 11, 11)).score == 0
    assert follow(spot, flat, (9, 9, 11, 11)).score == 0
    assert follow(spot, spot[:3, :3], (9, 9, 11, 11)).score == 0


def moving(root, count, step=(6, 4), start=(12, 10), last=None):
    shape = (start[0] + step[0] * count + 10, start[1] + step[1] * count + 10)
    frames = {
        f"{i:03d}": frame([(start[0] + step[0] * i, start[1] + step[1] * i, 3000 if i != last else 0)], i, shape)
        for i in range(count)
    }
    return open_project(write_frames(root, frames))


def carry(project, uuid, *options, **limits):
    """One target's step: its answer, or why it stopped."""
    carried = propagate(project, [uuid], *options, **limits)
    return carried.answer or carried.stopped[0]


def labelled(project, id, row, col):
    (made,) = candidates(project, id, Clicks(((row, col),)), [Wish("pamg", {"support": 6})])
    draft = a_draft(row, col, mask=made.mask, source="pamg", options={"support": 6}, quality=made.figures.quality)
    return place(project, id, [draft], by()).targets[0]


@pytest.mark.parametrize("step", [1, -1])
def test_a_track_of_moving_targets_gets_one_target_a_frame_both_ways(tmp_path, step):
    project = moving(tmp_path, 8)
    ends = [0, 7] if step == 1 else [7, 0]
    target = first = labelled(project, f"{ends[0]:03d}", 12.0 + 6 * ends[0], 10.0 + 4 * ends[0])
    for i in range(ends[0] + step, ends[1] + step, step):
        answer = carry(project, target.uuid, by(), step)
        assert isinstance(answer, Answer)
        assert (answer.frame, answer.kind, answer.revision) == (f"{i:03d}", "propagate", 1)
        (target,) = answer.targets
        assert (target.figures.row, target.figures.col) == (12 + 6 * i, 10 + 4 * i)
        assert (target.track, target.source, target.options) == (first.track, "pamg", {"support": 6})
    assert carry(project, target.uuid, by(), step) == Stopped(target.uuid, "end", None)
    project.close()


def test_propagating_stops_where_the_target_is_lost_and_stores_nothing(tmp_path):
    project = moving(tmp_path, 3, last=1)
    target = labelled(project, "000", 12.0, 10.0)
    stopped = carry(project, target.uuid, by())
    assert isinstance(stopped, Stopped)
    assert (stopped.why, stopped.frame) == ("match", "001")
    weak = carry(project, target.uuid, by(), limits=Limits(match=-1, scr=50))
    assert (weak.why, weak.frame) == ("scr", "001")
    assert weak.candidate.figures.scr < 50
    assert targets_on(project.store, "001") == ()
    project.close()


def test_a_propagated_step_is_one_gesture_and_is_not_made_twice(project):
    target = labelled(project, "000", 10.0, 10.0)
    author = by()
    first = carry(project, target.uuid, author)
    assert carry(project, target.uuid, author) == first
    assert carry(project, target.uuid, by()) == Stopped(target.uuid, "there already", "001")
    undo(project.store, "001", by())
    assert targets_on(project.store, "001") == ()
    assert targets_on(project.store, "000") == (target,)


def test_a_frame_that_cannot_be_read_is_named(project):
    target = labelled(project, "000", 10.0, 10.0)
    (project.root / "001.png").write_bytes(b"")
    with pytest.raises(FrameError, match=r"001\.png"):
        carry(project, target.uuid, by())


def test_several_targets_go_on_as_one_gesture_and_two_never_take_one_place(tmp_path):
    places = {"0": [(12, 12, 3000), (28, 30, 3000)], "1": [(14, 15, 3000)]}
    project = open_project(write_frames(tmp_path, {id: frame(spots, 1) for id, spots in places.items()}))
    kept, lost = labelled(project, "0", 12.0, 12.0), labelled(project, "0", 28.0, 30.0)
    author = by()
    carried = propagate(project, [kept.uuid, lost.uuid], author)
    assert carried.stopped == (
        Stopped(lost.uuid, "there already", "1"),
    )  # only the first is there, within reach of both
    assert [one.track for one in carried.answer.targets] == [kept.track]
    assert propagate(project, [kept.uuid, lost.uuid], author) == carried
    elsewhere = carried.answer.targets[0].uuid
    with pytest.raises(DataError, match="of one frame"):
        propagate(project, [kept.uuid, elsewhere], by())
    project.close()
