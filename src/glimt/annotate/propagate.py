"""Carry targets on to the next frame of their sequence: find each again there, draw it there, or say why not."""

import json
import uuid as names
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from glimt.annotate.follow import Match, follow
from glimt.annotate.project import Project, neighbour, open_frame
from glimt.annotate.propose import Candidate, Clicks, Wish
from glimt.annotate.service import candidates, place
from glimt.annotate.store import TARGETS, as_target, frame_of, get_target, reading, targets_on
from glimt.annotate.values import Answer, Author, Conflict, Draft, Frame, Target
from glimt.core.errors import DataError
from glimt.core.types import Box, Point

Why = Literal["end", "there already", "match", "scr", "off the frame", "nothing drawn"]
FALLBACK = "fuse"  # draws where the last mask was a person's


@dataclass(frozen=True)
class Limits:
    """Where to stop and ask a person."""

    match: float = 0.6  # the least correlation of the patch
    scr: float = 2.0  # the least signal-to-clutter ratio of the new mask
    search: int = 16  # px each way around where the track's motion leads


@dataclass(frozen=True)
class Stopped:
    """Why a target was not carried on, in which frame, and what was found of it there."""

    uuid: str  # of the target it began with
    why: Why
    frame: str | None
    match: float | None = None
    candidate: Candidate | None = None


@dataclass(frozen=True)
class Carried:
    """One step: the gesture on the next frame, None where no target went on, and those that a person is asked about."""

    answer: Answer | Conflict | None
    stopped: tuple[Stopped, ...]


def propagate(
    project: Project, uuids: Sequence[str], author: Author, step: int = 1, limits: Limits | None = None
) -> Carried:
    """Put targets of a frame into the next one of its sequence (`step` -1: the one before), all as one gesture."""
    targets = [get_target(project.store, uuid) for uuid in uuids]
    if len({target.frame for target in targets}) != 1:
        raise DataError(f"{len(targets)} targets of one frame are carried on together; give at least one, of one frame")
    frame = frame_of(project.store, targets[0].frame)
    onto = neighbour(project, frame, step)
    if onto is None:
        return Carried(None, tuple(Stopped(uuid, "end", None) for uuid in uuids))
    again, tracks = sent_before(project, onto, author), {target.track for target in targets}
    there = [one for one in targets_on(project.store, onto.id) if not (again and one.track in tracks)]
    found: list[Draft | Stopped] = []
    for target in targets:
        expected = moving(project, target, frame, step)
        made = found_again(project, target, onto, expected, limits or Limits())
        taken = isinstance(made, Draft) and any(covers(one, made.seeds[0]) for one in [*there, *found])
        known = any(one.track == target.track for one in there)
        found.append(Stopped(target.uuid, "there already", onto.id) if taken or known else made)
    drafts = [named(one, author) for one in found if isinstance(one, Draft)]
    answer = place(project, onto.id, drafts, author, kind="propagate") if drafts else None
    return Carried(answer, tuple(one for one in found if isinstance(one, Stopped)))


def covers(one: Target | Draft | Stopped, point: Point) -> bool:
    """Whether a point lies on a target's mask."""
    if isinstance(one, Stopped) or one.mask is None:
        return False
    top, left, bottom, right = one.mask.box
    row, col = round(point[0]) - top, round(point[1]) - left
    return 0 <= row < bottom - top and 0 <= col < right - left and bool(one.mask.pixels()[row, col])


def named(draft: Draft, author: Author) -> Draft:
    """The draft under a name that the same request gives again."""
    return replace(draft, uuid=str(names.uuid5(names.NAMESPACE_OID, f"{author.user}/{author.key}/{draft.track}")))


def found_again(project: Project, target: Target, onto: Frame, expected: Point, limits: Limits) -> Draft | Stopped:
    """The target as it is drawn in the new frame, still without a name of its own."""
    before, after = open_frame(project, target.frame).image, open_frame(project, onto.id).image
    match = follow(before, after, box_of(target), expected, limits.search)
    if match.score < limits.match:
        return Stopped(target.uuid, "match", onto.id, match.score)
    seed, wish = shifted(seed_of(target), match), wish_of(project, target)
    if not (0 <= seed[0] <= after.shape[0] - 1 and 0 <= seed[1] <= after.shape[1] - 1):
        return Stopped(target.uuid, "off the frame", onto.id, match.score)
    (made,) = candidates(project, onto.id, Clicks((seed,)), [wish])
    if made.mask is None:
        return Stopped(target.uuid, "nothing drawn", onto.id, match.score, made)
    if (made.figures.scr or 0.0) < limits.scr:
        return Stopped(target.uuid, "scr", onto.id, match.score, made)
    quality = made.figures.quality
    return Draft("", (seed,), (), made.mask, made.labeler, wish.options, quality, target.track)


def moving(project: Project, target: Target, frame: Frame, step: int) -> Point:
    """How far the track moved in the last step in this direction; (0, 0) where that is not known."""
    past = neighbour(project, frame, -step)
    if past is None:
        return 0.0, 0.0
    query = f"{TARGETS} WHERE f.id = ? AND t.track = ? AND t.deleted = 0"
    with reading(project.store) as db:
        row = db.execute(query, (past.id, target.track)).fetchone()
    if row is None:
        return 0.0, 0.0
    now, then = middle_of(target), middle_of(as_target(row))
    return now[0] - then[0], now[1] - then[1]


def sent_before(project: Project, onto: Frame, author: Author) -> bool:
    """Whether this very request was done before; it then answers again."""
    query = "SELECT 1 FROM op WHERE author = ? AND key = ? AND frame = ?"
    with reading(project.store) as db:
        return db.execute(query, (*author, onto.number)).fetchone() is not None


def wish_of(project: Project, target: Target) -> Wish:
    """The labeler that drew a target, with its options; the fallback for what a person drew or a file brought."""
    known = target.source in project.labelers
    return Wish(target.source, json.loads(json.dumps(target.options))) if known else Wish(FALLBACK, {})


def middle_of(target: Target) -> Point:
    """The centroid of a target's mask, else its first seed."""
    row, col = target.figures.row, target.figures.col
    return target.seeds[0] if row is None or col is None else (row, col)


def seed_of(target: Target) -> Point:
    """The pixel in the middle of a target's mask, else its first seed."""
    return target.seeds[0] if target.mask is None else target.mask.middle()


def box_of(target: Target) -> Box:
    """The box of a target's mask, else the pixels beside its seed."""
    if target.mask is not None:
        return target.mask.box
    row, col = (round(number) for number in target.seeds[0])
    return max(0, row - 1), max(0, col - 1), row + 2, col + 2


def shifted(point: Point, match: Match) -> Point:
    """A point moved by what was found."""
    return point[0] + match.shift[0], point[1] + match.shift[1]
