"""Gestures, versions and undo. The states are worked by hand; the last test holds random ones to a plain model."""

import json
from dataclasses import replace

import numpy as np
import pytest
from annotate.projects import a_draft, by, square

from glimt.annotate import gestures
from glimt.annotate.history import History, history_of, redo, undo
from glimt.annotate.project import open_project
from glimt.annotate.service import place, redraw
from glimt.annotate.store import frame_of, get_target, targets_on
from glimt.annotate.values import Answer, Author, Conflict
from glimt.core.errors import DataError, UnknownNameError


def added(project, draft=None, user="ann", frame="000"):
    answer = place(project, frame, [draft or a_draft()], by(user))
    assert isinstance(answer, Answer)
    return answer.targets[0]


def test_a_target_is_kept_with_what_was_measured_of_it(project, folder):
    draft = a_draft(10, 10, source="fuse", options={"tau": 0.3}, quality=0.5)
    target = added(project, draft)
    assert (target.revision, target.status, target.track, target.author) == (1, "candidate", draft.uuid, "ann")
    figures = target.figures
    assert (figures.area, figures.row, figures.col, figures.polarity) == (9, 10, 10, 1)
    assert figures.radius == pytest.approx(1.6926, abs=1e-4)  # sqrt(9 / pi)
    assert figures.doubt == 1 - 0.5 * min(1, figures.rho)
    project.close()
    again = open_project(folder)
    assert targets_on(again.store, "000") == (target,)
    again.close()


def test_a_gesture_sent_twice_is_done_once_and_answers_the_same(project):
    draft, author = a_draft(), by()
    first = place(project, "000", [draft], author)
    later = gestures.judge(project.store, draft.uuid, "accepted", 1, by())
    assert place(project, "000", [draft], author) == first
    assert isinstance(later, Answer)
    assert targets_on(project.store, "000") == later.targets
    judged = by()
    answers = [gestures.judge(project.store, draft.uuid, "flagged", 2, judged, "edge") for _ in range(2)]
    assert answers[0] == answers[1]
    assert project.store.db.execute("SELECT COUNT(*) FROM op").fetchone()[0] == 3


def test_a_key_of_another_gesture_is_refused(project):
    author = by()
    target = place(project, "000", [a_draft()], author).targets[0]
    with pytest.raises(DataError, match="used for 'add' on 000 already"):
        gestures.remove(project.store, target.uuid, 1, author)
    assert not get_target(project.store, target.uuid).deleted


def test_the_same_target_cannot_be_added_twice(project):
    target = added(project)
    answer = place(project, "000", [a_draft(uuid=target.uuid)], by("bob"))
    assert isinstance(answer, Conflict)
    assert answer.targets == (target,)


def test_a_change_on_an_old_revision_answers_with_the_present_state_and_overwrites_nothing(project):
    target = added(project)
    redrawn = redraw(project, a_draft(uuid=target.uuid, mask=square(8, 8, 5)), 1, by("ann"))
    assert redrawn.targets[0].figures.area == 25
    for answer in (
        redraw(project, a_draft(uuid=target.uuid), 1, by("bob")),
        gestures.judge(project.store, target.uuid, "accepted", 1, by("bob")),
        gestures.remove(project.store, target.uuid, 1, by("bob")),
    ):
        assert isinstance(answer, Conflict)
        assert (answer.targets, answer.revision) == (redrawn.targets, 2)
    assert targets_on(project.store, "000") == redrawn.targets
    gestures.remove(project.store, target.uuid, 2, by("bob"))
    gone = gestures.judge(project.store, target.uuid, "accepted", 3, by("ann"))
    assert isinstance(gone, Conflict)
    assert gone.why == "the target was deleted"


def test_a_frame_is_finished_only_on_the_revision_that_was_seen(project):
    added(project)
    stale = gestures.finish(project.store, "000", "done", 0, by())
    assert isinstance(stale, Conflict)
    assert frame_of(project.store, "000").verdict is None
    answer = gestures.finish(project.store, "000", "done", 1, by())
    assert (answer.verdict, frame_of(project.store, "000").verdict) == ("done", "done")
    assert isinstance(place(project, "000", [a_draft(20, 20)], by(), on=1), Conflict)
    assert len(targets_on(project.store, "000")) == 1


def test_a_frame_that_is_done_takes_its_candidates_with_it_in_one_step(project):
    drafts = [a_draft(), a_draft(20, 20, status="rejected"), a_draft(30, 30, status="flagged")]
    place(project, "000", drafts, by())
    gestures.finish(project.store, "000", "done", 1, by())
    assert [one.status for one in targets_on(project.store, "000")] == ["accepted", "rejected", "flagged"]
    undo(project.store, "000", by())
    assert [one.status for one in targets_on(project.store, "000")] == ["candidate", "rejected", "flagged"]
    assert frame_of(project.store, "000").verdict is None


def test_a_target_changed_meanwhile_on_the_same_frame_is_a_conflict_for_its_neighbour_too(project):
    first, second = added(project), added(project, a_draft(20, 20))
    gestures.judge(project.store, first.uuid, "accepted", 2, by("ann"))
    assert isinstance(gestures.judge(project.store, second.uuid, "accepted", 2, by("bob")), Conflict)
    assert isinstance(undo(project.store, "000", by("ann"), on=2), Conflict)
    assert isinstance(undo(project.store, "000", by("ann"), on=3), Answer)


def test_undo_and_redo_are_saved_gestures_and_outlive_a_reopening(project, folder):
    target = added(project)
    sizes = [5, 7]
    for revision, side in enumerate(sizes, start=1):
        redraw(project, a_draft(uuid=target.uuid, mask=square(8, 8, side)), revision, by())
    project.close()
    again = open_project(folder)
    areas = []
    for _ in range(3):
        answer = undo(again.store, "000", by())
        areas.append((answer.targets[0].figures.area, answer.targets[0].deleted))
    assert areas == [(25, False), (9, False), (9, True)]
    assert undo(again.store, "000", by()) is None
    assert history_of(again.store, "000", "ann") == History(None, "add")
    again.close()
    last = open_project(folder)
    assert [redo(last.store, "000", by()).targets[0].figures.area for _ in range(3)] == [9, 25, 49]
    assert redo(last.store, "000", by()) is None
    kinds = [kind for (kind,) in last.store.db.execute("SELECT kind FROM op ORDER BY number")]
    assert kinds == ["add", "change", "change", "undo", "undo", "undo", "redo", "redo", "redo"]
    last.close()


def test_an_undo_sent_twice_takes_back_one_gesture(project):
    added(project)
    added(project, a_draft(20, 20))
    author = by()
    assert undo(project.store, "000", author) == undo(project.store, "000", author)
    assert len(targets_on(project.store, "000")) == 1


def test_a_new_gesture_ends_what_can_be_redone(project):
    added(project)
    added(project, a_draft(20, 20))
    undo(project.store, "000", by())
    added(project, a_draft(30, 30))
    assert redo(project.store, "000", by()) is None
    undo(project.store, "000", by())
    assert redo(project.store, "000", by()).targets[0].seeds == ((30.0, 30.0),)


def test_undo_never_touches_what_somebody_else_did(project):
    target = added(project, user="ann")
    assert undo(project.store, "000", by("bob")) is None
    other = added(project, a_draft(20, 20), user="bob")
    assert undo(project.store, "000", by("ann")).targets[0].uuid == target.uuid
    assert targets_on(project.store, "000") == (other,)
    redo(project.store, "000", by("ann"))
    accepted = gestures.judge(project.store, target.uuid, "accepted", 4, by("bob"))
    answer = undo(project.store, "000", by("ann"))
    assert isinstance(answer, Conflict)
    assert get_target(project.store, target.uuid) == accepted.targets[0]
    undo(project.store, "000", by("bob"))  # bob's own; then ann's is as she left it
    assert isinstance(undo(project.store, "000", by("ann")), Answer)


def test_undo_is_per_frame(project):
    added(project, frame="000")
    added(project, frame="001")
    assert undo(project.store, "000", by()).frame == "000"
    assert undo(project.store, "000", by()) is None
    assert len(targets_on(project.store, "001")) == 1


def test_a_frame_s_verdict_is_undone_unless_somebody_has_judged_it_since(project):
    gestures.finish(project.store, "000", "done", 0, by("ann"))
    gestures.finish(project.store, "000", "flagged", 1, by("bob"), "blurred")
    assert isinstance(undo(project.store, "000", by("ann")), Conflict)
    undo(project.store, "000", by("bob"))
    assert frame_of(project.store, "000").verdict == "done"
    undo(project.store, "000", by("ann"))
    assert frame_of(project.store, "000").verdict is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"uuid": "target-1"}, "is no uuid"),
        ({"seeds": ()}, "one of them a seed"),
        ({"seeds": ((40.0, 1.0),)}, "outside the frame of 40 rows x 48 cols"),
        ({"mask": square(38, 46)}, "does not fit the frame"),
        ({"status": "perhaps"}, "choose one of candidate"),
        ({"quality": 2.0}, "lies in"),
    ],
)
def test_what_no_target_can_be_is_refused(project, change, message):
    draft = a_draft()
    object.__setattr__(draft, *next(iter(change.items())))
    with pytest.raises(DataError, match=message):
        place(project, "000", [draft], by())
    assert frame_of(project.store, "000").revision == 0


def test_an_unknown_frame_or_target_is_named(project):
    with pytest.raises(UnknownNameError, match="no frame 'nope'"):
        undo(project.store, "nope", by())
    with pytest.raises(UnknownNameError, match="no target 'nope'"):
        gestures.remove(project.store, "nope", 1, by())
    with pytest.raises(DataError, match="the key '' has 0 characters"):
        gestures.finish(project.store, "000", "done", 0, Author("ann", ""))


def a_random_gesture(project, rng):
    store, now = project.store, frame_of(project.store, "000")
    live = targets_on(store, "000")
    one = live[rng.integers(len(live))] if live else None
    match rng.integers(4) if one else 0:
        case 0:
            place(project, "000", [a_draft(*rng.integers(2, 38, 2).tolist())], by())
        case 1:
            gestures.judge(store, one.uuid, "accepted", now.revision, by())
        case 2:
            gestures.remove(store, one.uuid, now.revision, by())
        case 3:
            gestures.finish(store, "000", None if now.verdict else "done", now.revision, by())


def test_random_gestures_undone_one_by_one_lead_back_through_every_state(project):
    """The model: the list of the states seen, which undo walks back and redo walks forth."""
    rng, store = np.random.default_rng(4), project.store

    def state():
        seen = [replace(one, revision=0) for one in targets_on(store, "000")]
        return seen, frame_of(store, "000").verdict

    states = [state()]
    for _ in range(25):
        a_random_gesture(project, rng)
        states.append(state())
    for expected in states[-2::-1]:
        assert isinstance(undo(store, "000", by()), Answer)
        assert state() == expected
    for expected in states[1:]:
        assert isinstance(redo(store, "000", by()), Answer)
        assert state() == expected
    rows = store.db.execute("SELECT before, after FROM op ORDER BY number").fetchall()
    assert all(json.loads(after)["revision"] == json.loads(before)["revision"] + 1 for before, after in rows)
