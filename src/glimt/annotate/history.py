"""Undo and redo: per frame and per user, themselves ops, so that they outlive the server and the page."""

import json
import sqlite3
from dataclasses import replace
from typing import Any, NamedTuple

from glimt.annotate.gestures import Change, conflict, moved_on, perform
from glimt.annotate.store import Store, find_target, frame_of, reading
from glimt.annotate.values import Answer, Author, Conflict, Frame, Target, target_of

TURNS = "('undo', 'redo')"
LAST = f"state = 'done' AND kind NOT IN {TURNS} ORDER BY number DESC"
FIRST_UNDONE = "state = 'undone' ORDER BY number"


class History(NamedTuple):
    """What undo and redo would turn back on a frame; None where there is nothing."""

    undo: str | None
    redo: str | None


class NothingToTurnError(Exception):
    """There is no op to turn back."""


def undo(store: Store, frame: str, author: Author, on: int | None = None) -> Answer | Conflict | None:
    """Take back the user's last gesture on a frame; None where there is none.

    A Conflict where somebody has changed the same target since, or the frame is no longer at revision `on`.
    """
    return turn(store, frame, author, "undo", on)


def redo(store: Store, frame: str, author: Author, on: int | None = None) -> Answer | Conflict | None:
    """Do again what the user undid last on a frame; None where there is nothing, or a new gesture came after."""
    return turn(store, frame, author, "redo", on)


def history_of(store: Store, frame: str, user: str) -> History:
    """The kinds of the gestures that undo and redo would turn back."""
    with reading(store) as db:
        now = frame_of(store, frame)
        found = [next_op(db, now, user, kind) for kind in ("undo", "redo")]
    return History(*(None if op is None else op["kind"] for op in found))


def turn(store: Store, frame: str, author: Author, kind: str, on: int | None) -> Answer | Conflict | None:
    """Turn one op back or forth."""

    def plan(now: Frame) -> Change | Conflict:
        late = None if on is None else moved_on(now, on)
        if late is not None:
            return late
        op = next_op(store.db, now, author.user, kind)
        if op is None:
            raise NothingToTurnError
        sides = json.loads(op["before"]), json.loads(op["after"])
        made = turned(store, now, *(sides if kind == "undo" else sides[::-1]))
        if isinstance(made, Conflict):
            return made
        state = "undone" if kind == "undo" else "done"
        store.db.execute("UPDATE op SET state = ? WHERE number = ?", (state, op["number"]))
        return replace(made, turns=op["number"])

    try:
        return perform(store, frame, author, kind, plan)
    except NothingToTurnError:
        return None


def next_op(db: sqlite3.Connection, frame: Frame, user: str, kind: str) -> sqlite3.Row | None:
    """The op that an undo or a redo is about."""
    which = LAST if kind == "undo" else FIRST_UNDONE
    query = f"SELECT * FROM op WHERE frame = ? AND author = ? AND {which} LIMIT 1"
    return db.execute(query, (frame.number, user)).fetchone()


def turned(store: Store, frame: Frame, goal: dict[str, Any], start: dict[str, Any]) -> Change | Conflict:
    """The change that leads from `start` to `goal`; a Conflict where the frame is no longer as at `start`."""
    now = {uuid: find_target(store, uuid) for uuid in start["targets"]}
    moved = [one for uuid, one in now.items() if one and content(one) != content(restored(start["targets"][uuid]))]
    if moved:
        return conflict(frame, "somebody has changed the target since", moved)
    said = start["verdict"], start["reason"]
    wanted = goal["verdict"], goal["reason"]
    if said != wanted and said != (frame.verdict, frame.reason):
        return conflict(frame, "somebody has judged the frame since")
    targets = [restored(goal["targets"][uuid]) or replace(one, deleted=True) for uuid, one in now.items() if one]
    return Change(targets, wanted if said != wanted else None)


def restored(row: dict[str, Any] | None) -> Target | None:
    """The target of a snapshot."""
    return None if row is None else target_of(row)


def content(target: Target | None) -> Target | None:
    """What of a target must still be the same; a deleted target is as good as none."""
    return None if target is None or target.deleted else replace(target, revision=0)
