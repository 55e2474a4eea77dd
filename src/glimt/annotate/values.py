"""The nouns of the tool: a target as it is kept, who made a gesture, and what a gesture answers."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, NamedTuple

from glimt.annotate.masks import BoxedMask
from glimt.core.types import Point

Status = Literal["candidate", "accepted", "rejected", "flagged"]
Verdict = Literal["done", "flagged"]  # what a person said of a whole frame
STATUSES: tuple[Status, ...] = ("candidate", "accepted", "rejected", "flagged")
VERDICTS: tuple[Verdict, ...] = ("done", "flagged")


class Author(NamedTuple):
    """Who makes a gesture, and under which key: a gesture that is sent twice is done once."""

    user: str
    key: str


@dataclass(frozen=True)
class Figures:
    """What was measured of a mask. Lengths in pixels; None where it is not known."""

    area: int = 0
    row: float | None = None  # of the centroid
    col: float | None = None
    radius: float | None = None  # sqrt(area / pi)
    scr: float | None = None  # signal-to-clutter ratio, a million on a background without spread
    rho: float | None = None  # boundary satisfaction ratio
    polarity: int | None = None  # +1 brighter than its surroundings, -1 darker
    quality: float | None = None  # the labeler's own trust, in [0, 1]
    doubt: float = 1.0  # how much the mask wants a look, in [0, 1]


@dataclass(frozen=True)
class Draft:
    """A target as a client gives it: everything of it that a person decides."""

    uuid: str
    seeds: tuple[Point, ...]
    negatives: tuple[Point, ...] = ()  # places it must not grow to
    mask: BoxedMask | None = None  # None: a point alone
    source: str = "hand"  # the labeler that drew it, or "hand", or "import"
    options: Mapping[str, Any] = field(default_factory=dict)
    quality: float | None = None
    track: str | None = None  # None: its own uuid
    status: Status = "candidate"
    reason: str = ""


@dataclass(frozen=True)
class Target:
    """A target as it is kept."""

    uuid: str
    frame: str  # the id of its frame
    track: str  # the same for one target in several frames
    seeds: tuple[Point, ...]
    negatives: tuple[Point, ...]
    mask: BoxedMask | None
    figures: Figures
    source: str
    options: Mapping[str, Any]
    status: Status
    reason: str
    revision: int = 0  # counts its changes
    deleted: bool = False
    author: str = ""
    at: str = ""  # when, UTC


@dataclass(frozen=True)
class Frame:
    """A frame as it is kept."""

    number: int
    id: str
    file: str  # relative to the dataset where it lies in it
    page: int | None
    sequence: str
    position: int
    rows: int | None  # known once it was opened
    cols: int | None
    bits: int | None
    missing: bool
    verdict: Verdict | None
    reason: str
    revision: int  # counts the gestures on it


@dataclass(frozen=True)
class Answer:
    """What a gesture did: the frame and the targets it touched, as they are now."""

    op: int
    kind: str
    frame: str
    revision: int
    verdict: Verdict | None
    reason: str
    targets: tuple[Target, ...]  # deleted ones too, marked so


@dataclass(frozen=True)
class Conflict:
    """Somebody was faster: nothing was changed. The frame and the targets in question as they are now."""

    why: str
    frame: str
    revision: int
    verdict: Verdict | None
    targets: tuple[Target, ...]


Row = dict[str, Any]
BOX = ("top", "left", "bottom", "right")


def row_of(target: Target) -> Row:
    """A target as the columns of its table, its frame's id in the place of the number; JSON can hold it."""
    mask = target.mask
    return {
        "uuid": target.uuid,
        "frame": target.frame,
        "track": target.track,
        "seeds": json.dumps(target.seeds),
        "negatives": json.dumps(target.negatives),
        **dict(zip(BOX, mask.box if mask else (None,) * 4, strict=True)),
        "runs": mask.counts if mask else None,
        **asdict(target.figures),
        "source": target.source,
        "options": json.dumps(target.options, sort_keys=True),
        "status": target.status,
        "reason": target.reason,
        "revision": target.revision,
        "deleted": int(target.deleted),
        "author": target.author,
        "at": target.at,
    }


def target_of(row: Mapping[str, Any] | sqlite3.Row) -> Target:
    """The target of such columns."""
    runs = row["runs"]
    counts = runs.decode() if isinstance(runs, bytes) else runs
    return Target(
        uuid=row["uuid"],
        frame=row["frame"],
        track=row["track"],
        seeds=points_of(row["seeds"]),
        negatives=points_of(row["negatives"]),
        mask=None if counts is None else BoxedMask(tuple(row[side] for side in BOX), counts),
        figures=Figures(**{name: row[name] for name in Figures.__dataclass_fields__}),
        source=row["source"],
        options=json.loads(row["options"]),
        status=row["status"],
        reason=row["reason"],
        revision=row["revision"],
        deleted=bool(row["deleted"]),
        author=row["author"],
        at=row["at"],
    )


def points_of(text: str) -> tuple[Point, ...]:
    """Points from their JSON."""
    return tuple((float(row), float(col)) for row, col in json.loads(text))
