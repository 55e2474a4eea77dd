"""Label files of sequences: a CSV that names frames (`frame,x,y`, `frame,x,y,w,h`), or a text with one line a frame.

Pixels count from zero, x is the column. A target that is absent is `0,0,0,0` as a box and blank in a CSV (`12,,`).
"""

import csv
import math
import re
from collections.abc import Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path

from glimt.core.errors import DataError
from glimt.core.types import Box, Point, Record
from glimt.data.layouts.paths import listed
from glimt.data.sequences import number_of

POINT, BOX = ("x", "y"), ("x", "y", "w", "h")
BETWEEN = re.compile(r"[\s,;]+")
EDGE = -0.5  # the frame's top and left edge, for pixel centres are at whole numbers

Numbers = tuple[float, ...]  # of one target: x, y, or x, y, w, h; none where the target is absent


def read_text(path: Path) -> str:
    """A label file as text."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text in UTF-8"
        raise DataError(f"cannot read the labels {path}: {reason}") from error


def columns_of(path: Path) -> tuple[str, ...]:
    """The columns of a CSV that names its frames: those of a box, else of a point; none where it is no such file."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            header = [name.strip() for name in file.readline().split(",")]
    except (OSError, UnicodeDecodeError):
        return ()
    return next((columns for columns in (BOX, POINT) if {"frame", *columns} <= set(header)), ())


def read_csv(path: Path) -> dict[int, list[Numbers]]:
    """The targets of each frame that a CSV names. Raises DataError naming the line that is wrong."""
    columns = columns_of(path)
    if not columns:
        raise DataError(f"{path}, line 1: the header must be frame,x,y or frame,x,y,w,h")
    reader = csv.DictReader(StringIO(read_text(path), newline=""), skipinitialspace=True)
    reader.fieldnames = [name.strip() for name in reader.fieldnames or ()]
    found: dict[int, list[Numbers]] = {}
    for row in reader:
        where = f"{path}, line {reader.line_num}"
        texts = [(row[name] or "").strip() for name in columns]
        targets = found.setdefault(frame_of(row["frame"], where), [])
        if any(texts):
            targets.append(numbers_in(texts, where))
    return found


def frame_of(text: str | None, where: str) -> int:
    """A frame's number, from zero."""
    if not (text or "").strip().isdecimal():
        raise DataError(f"{where}: frame {text!r} is no frame's number")
    return int(text or 0)


def numbers_in(texts: Sequence[str], where: str) -> Numbers:
    """The numbers of one target."""
    try:
        found = tuple(map(float, texts))
    except ValueError as error:
        raise DataError(f"{where}: {' '.join(texts)!r} is no {len(texts)} numbers") from error
    if not all(map(math.isfinite, found)):
        raise DataError(f"{where}: {' '.join(texts)!r} holds a number that is none")
    return found


def read_lines(path: Path, columns: tuple[str, ...]) -> list[Numbers]:
    """The numbers of each line; blank lines at the end are none. Raises DataError naming the line that is wrong."""
    lines = [line.strip(" \t,;") for line in read_text(path).rstrip().splitlines()]
    rows = []
    for i, line in enumerate(lines, start=1):
        texts, where = BETWEEN.split(line), f"{path}, line {i}"
        if len(texts) != len(columns):
            raise DataError(f"{where}: {line!r} is not {' '.join(columns)}")
        rows.append(numbers_in(texts, where))
    return rows


def labelled_in_order(records: Sequence[Record], path: Path, columns: tuple[str, ...]) -> list[Record]:
    """The frames of one sequence with the labels of a text that has one line a frame."""
    rows = read_lines(path, columns)
    if len(rows) != len(records):
        name = records[0].sequence if records else path.stem
        raise DataError(
            f"{path} has {len(rows)} lines, the sequence {name} {len(records)} frames; give one line a frame"
        )
    pairs = enumerate(zip(records, rows, strict=True), start=1)
    return [labelled(record, [row], f"{path}, line {i}") for i, (record, row) in pairs]


def labelled_by_number(records: Sequence[Record], path: Path) -> list[Record]:
    """The frames of one sequence with the labels of a CSV; a frame that it does not name is not labelled.

    Raises DataError where it names one that is not there, and where it ends before them and no mask goes on.
    """
    rows, known = read_csv(path), {number_of(record): record for record in records}
    counts = f"{path} labels {len(rows)} frames, its sequence has {len(records)}"
    if missing := [str(frame) for frame in rows if frame not in known]:
        raise DataError(f"{counts}; no frame is called {listed(missing)}")
    last = max(known, default=-1)
    if max(rows, default=-1) < last and known[last].mask is None:
        raise DataError(f"{counts}, up to {last}; a frame without a target is a line with nothing behind its number")
    return [
        labelled(record, rows[number], f"{path}, frame {number}") if number in rows else record
        for number, record in known.items()
    ]


def labelled(record: Record, targets: Sequence[Numbers], where: str) -> Record:
    """The frame with its points or boxes; a frame whose targets are all absent is empty."""
    points = tuple(point_of(one, where) for one in targets if len(one) == len(POINT))
    boxes = tuple(box_of(one, where) for one in targets if len(one) == len(BOX) and any(one))
    return replace(record, points=points, boxes=boxes, empty=not points and not boxes)


def point_of(numbers: Numbers, where: str) -> Point:
    """(row, col) of a place on the frame."""
    x, y = numbers
    if x < EDGE or y < EDGE:
        raise DataError(f"{where}: x {x:g}, y {y:g} is no place; both count from 0")
    return y, x


def box_of(numbers: Numbers, where: str) -> Box:
    """A box to whole pixels, at least one each way; it may reach beyond the frame."""
    x, y, width, height = numbers
    if width <= 0 or height <= 0:
        raise DataError(f"{where}: a box of {width:g} x {height:g} px; an absent target is 0,0,0,0")
    top, left = round(y), round(x)
    return top, left, max(round(y + height), top + 1), max(round(x + width), left + 1)
