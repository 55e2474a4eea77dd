"""Opening, registering, leases and the queues, on states that are worked by hand."""

import time

import cv2
import numpy as np
import pytest
from annotate.projects import a_draft, by, frame, write_frames

from glimt.annotate import gestures
from glimt.annotate.leases import SECONDS, lease, leases, release
from glimt.annotate.lists import bars, index_of, next_to_label, page, target_counts, ticks, to_review
from glimt.annotate.project import Options, Project, neighbour, open_frame, open_project, records_in
from glimt.annotate.register import Registered
from glimt.annotate.service import place
from glimt.annotate.store import Store, frame_of, targets_on
from glimt.core.errors import DataError


def test_frames_that_came_and_went_are_noticed_and_nothing_is_lost(project, folder):
    target = place(project, "001", [a_draft()], by()).targets[0]
    assert project.changes == Registered(4, 0, 0)
    project.close()
    kept = (folder / "001.png").read_bytes()
    (folder / "001.png").unlink()
    cv2.imwrite(str(folder / "0005.png"), frame())
    again = open_project(folder)
    assert again.changes == Registered(1, 1, 0)
    statuses = {line.id: line.status for line in page(again.store, ".").frames.values()}
    assert (statuses["001"], statuses["0005"]) == ("missing", "todo")
    assert targets_on(again.store, "001") == (target,)
    assert "001" not in {record.id for record in records_in(again)}
    assert to_review(again.store, "bob").targets == []
    again.close()
    (folder / "001.png").write_bytes(kept)
    last = open_project(folder)
    assert last.changes == Registered(0, 0, 1)
    assert to_review(last.store, "bob").targets == [target]
    last.close()


def test_five_thousand_frames_open_in_three_seconds_without_one_being_read(tmp_path):
    for i in range(5000):
        (tmp_path / f"{i:05d}.png").write_bytes(b"not looked at")
    start = time.process_time()
    project = open_project(tmp_path)
    first = page(project.store, ".", limit=200)
    assert time.process_time() - start < 3
    assert project.changes == Registered(5000, 0, 0)
    assert (list(first.frames), first.after) == (list(range(200)), 199)
    assert page(project.store, ".", after=4989).frames[4999].id == "04999"
    assert (frame_of(project.store, "00000").rows, len(project.frames.kept)) == (None, 0)
    project.close()


def test_a_size_is_noted_when_a_frame_is_opened_and_guards_its_labels(project):
    open_frame(project, "000")
    now = frame_of(project.store, "000")
    assert (now.rows, now.cols, now.bits) == (40, 48, 16)
    place(project, "000", [a_draft()], by())
    cv2.imwrite(str(project.root / "000.png"), np.zeros((30, 30), np.uint8))
    with pytest.raises(DataError, match="000 is 30 x 30 now, but was 40 x 48 when it was labelled"):
        open_frame(project, "000")


def test_a_frame_s_status_follows_its_targets_and_its_verdict(project):
    draft = a_draft()
    place(project, "001", [draft, a_draft(20, 20)], by())
    place(project, "002", [a_draft(status="accepted", source="fuse")], by())
    gestures.finish(project.store, "003", "done", 0, by())
    assert ticks(project.store, ".") == "0125"
    gestures.judge(project.store, draft.uuid, "flagged", 1, by(), "2")
    assert ticks(project.store, ".") == "0125"  # the other target is a candidate still
    other = next(one for one in targets_on(project.store, "001") if one.uuid != draft.uuid)
    gestures.remove(project.store, other.uuid, 2, by())
    assert ticks(project.store, ".") == "0425"
    (bar,) = bars(project.store)
    counts = {status: count for status, count in bar.statuses.items() if count}
    assert (bar.frames, counts) == (4, {"todo": 1, "flagged": 1, "accepted": 1, "empty": 1})
    assert target_counts(project.store) == {"candidate": 0, "accepted": 1, "rejected": 0, "flagged": 1, "by hand": 1}


def test_frames_are_paged_by_sequence_and_status(tmp_path):
    names = [f"{sequence}/{i}" for sequence in "ab" for i in range(3)]
    project = open_project(write_frames(tmp_path, {name: frame() for name in names}))
    gestures.finish(project.store, "b/1", "done", 0, by())
    first = page(project.store, "b", limit=2)
    assert ([line.id for line in first.frames.values()], first.after) == (["b/0", "b/1"], 1)
    rest = page(project.store, "b", after=1, limit=2)
    assert ({i: line.id for i, line in rest.frames.items()}, rest.after) == ({2: "b/2"}, None)
    assert {i: line.id for i, line in page(project.store, "b", ["empty", "fixed"]).frames.items()} == {1: "b/1"}
    assert [index_of(project.store, frame_of(project.store, id)) for id in ("a/2", "b/0", "b/1")] == [2, 0, 1]
    frames = [frame_of(project.store, id) for id in ("a/2", "b/0", "b/2")]
    assert [neighbour(project, one, 1) for one in frames] == [None, frame_of(project.store, "b/1"), None]
    assert neighbour(project, frames[2], -2) == frames[1]
    project.close()


def test_the_label_queue_goes_round_and_leaves_out_what_others_have(project):
    now = [1000.0]
    store = Store(project.store.path, project.store.db, clock=lambda: now[0])
    gestures.finish(store, "001", "done", 0, by())
    assert [next_to_label(store, "ann", after).id for after in (None, "000", "003")] == ["000", "002", "000"]
    assert lease(store, "002", "bob").until == 1000 + SECONDS
    assert next_to_label(store, "ann", "000").id == "003"
    assert next_to_label(store, "bob", "000").id == "002"
    assert lease(store, "002", "ann").user == "bob"
    now[0] += SECONDS - 1
    assert lease(store, "002", "bob").until == now[0] + SECONDS  # a heartbeat
    now[0] += SECONDS
    assert leases(store) == []
    assert lease(store, "002", "ann").user == "ann"
    release(store, "002", "bob")
    assert [one.user for one in leases(store)] == ["ann"]
    release(store, "002", "ann")
    assert leases(store) == []


def test_nothing_is_left_to_label_once_every_frame_is_done(project):
    for id in ("000", "001", "002", "003"):
        gestures.finish(project.store, id, "done", 0, by())
    assert next_to_label(project.store, "ann") is None


def test_the_review_queue_shows_the_least_trustworthy_first_page_by_page(project):
    qualities = [0.9, 0.2, None, 0.5, 0.2]
    drafts = [a_draft(5 + 6 * i, 20, source="fuse", quality=quality) for i, quality in enumerate(qualities)]
    targets = place(project, "000", drafts, by()).targets
    expected = sorted(targets, key=lambda one: (-one.figures.doubt, one.uuid))
    seen, after = [], None
    while True:
        part = to_review(project.store, "bob", after, limit=2)
        seen += part.targets
        after = part.after
        if after is None:
            break
    assert seen == expected
    assert seen[0].uuid == drafts[2].uuid
    lease(project.store, "000", "cid")
    assert to_review(project.store, "bob").targets == []
    assert len(to_review(project.store, "cid").targets) == 5
    with pytest.raises(DataError, match="no place in the review queue"):
        to_review(project.store, "bob", "x")


def test_a_page_of_the_review_queue_reads_an_index_not_the_table(project):
    plan = project.store.db.execute(
        "EXPLAIN QUERY PLAN SELECT * FROM target t WHERE t.deleted = 0 AND t.status = 'candidate' AND t.doubt <= 0.5 "
        "ORDER BY t.doubt DESC, t.uuid LIMIT 20"
    ).fetchall()
    assert len(plan) == 1
    assert "USING INDEX target_doubt" in plan[0]["detail"]


def test_a_stack_of_frames_is_a_project_of_its_own_file(tmp_path):
    pages = [frame(seed=i) for i in range(3)]
    cv2.imwritemulti(str(tmp_path / "clip.tif"), pages)
    project = open_project(tmp_path / "clip.tif")
    assert isinstance(project, Project)
    assert (tmp_path / "clip.tif.project.glimt.db").exists()
    assert [line.id for line in page(project.store, "clip").frames.values()] == [f"clip/{i:06d}" for i in range(3)]
    assert np.array_equal(open_frame(project, "clip/000002").levels, pages[2])
    project.close()


def test_a_folder_without_frames_is_refused(tmp_path):
    with pytest.raises(DataError, match="holds no frame"):
        open_project(tmp_path, Options(database=tmp_path.with_suffix(".db")))
    with pytest.raises(DataError, match="no such file or folder"):
        open_project(tmp_path / "nowhere")
