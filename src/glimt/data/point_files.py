"""Read clicks from `points.csv`, one-pixel masks, COCO or LabelMe, and write `points.csv`."""

import csv
import math
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path

import numpy as np

from glimt.core.errors import DataError
from glimt.core.files import write_text
from glimt.core.frames import read_mask
from glimt.core.targets import targets
from glimt.core.types import Point, Points
from glimt.data.layouts import labelme
from glimt.data.layouts.lists import strip_type
from glimt.data.layouts.pairs import has_frames
from glimt.data.layouts.paths import frames_by_id
from glimt.data.point_records import array_of, from_json, of_records

COLUMNS = ("image", "row", "col")
TOUCHING = 3  # clicks of a one-pixel mask that may lie side by side


def read_points(path: Path) -> dict[str, Points]:
    """Points by frame id, from a CSV, a COCO or LabelMe JSON, or a folder of one-pixel masks or LabelMe files."""
    if path.is_dir():
        return from_folder(path)
    if path.suffix.lower() == ".json":
        return from_json(path)
    return from_csv(path)


def write_points(path: Path, points: Mapping[str, Points]) -> None:
    """Write `image,row,col`, in the order given; reading gives back the same numbers."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for id, places in points.items():
        writer.writerows([id, *(repr(number).removesuffix(".0") for number in place)] for place in places.tolist())
    write_text(path, text.getvalue())


def from_csv(path: Path) -> dict[str, Points]:
    """The points of a CSV with the columns image, row and col; other columns are ignored."""
    found: dict[str, dict[Point, int]] = {}
    for line, name, point in rows_of(path):
        places = found.setdefault(name, {})
        if point in places:
            where = f"(row {point[0]:g}, col {point[1]:g})"
            raise DataError(f"{path}, lines {places[point]} and {line}: {name} has the point {where} twice")
        places[point] = line
    if not found:
        raise DataError(f"{path} holds no point; each line behind the header is image,row,col")
    return {id: array_of(places) for id, places in found.items()}


def rows_of(path: Path) -> Iterator[tuple[int, str, Point]]:
    """Line number, frame and place of each row. Raises DataError naming the line that is wrong."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text in UTF-8"
        raise DataError(f"cannot read the points {path}: {reason}") from error
    reader = csv.DictReader(StringIO(text, newline=""), skipinitialspace=True)
    try:
        yield from places_in(reader, path)
    except csv.Error as error:  # such as a quote that is never closed
        raise DataError(f"{path}, line {reader.line_num + 1}: {error}") from error


def places_in(reader: csv.DictReader, path: Path) -> Iterator[tuple[int, str, Point]]:
    """The rows of an open table, as `rows_of` gives them."""
    header = [name.strip() for name in reader.fieldnames or ()]
    if missing := [name for name in COLUMNS if name not in header]:
        got = ",".join(header) or "nothing"
        raise DataError(f"{path}, line 1: no column {', '.join(missing)}; the header is {got}, not image,row,col")
    reader.fieldnames = header
    for row in reader:
        where = f"{path}, line {reader.line_num}"
        name = strip_type((row["image"] or "").strip())
        if not name:
            raise DataError(f"{where}: no image is named")
        yield reader.line_num, name, (number(row["row"], "row", where), number(row["col"], "col", where))


def number(text: str | None, column: str, where: str) -> float:
    """A place from zero on."""
    try:
        value = float(text or "")
    except ValueError as error:
        raise DataError(f"{where}: {column} {text!r} is no number") from error
    if not math.isfinite(value) or value < 0:
        raise DataError(f"{where}: {column} {text} is no place; rows and cols count from 0")
    return value


def from_folder(folder: Path) -> dict[str, Points]:
    """The points of LabelMe files, or of one-pixel masks; a mask without a pixel gives a frame without points."""
    if labelme.LAYOUT.matches(folder):
        return of_records(labelme.LAYOUT.frames(folder), folder)
    if not has_frames(folder):
        raise DataError(f"{folder} holds no points: neither one-pixel masks nor LabelMe files")
    return {id: of_mask(path) for id, path in frames_by_id(folder).items()}


def of_mask(path: Path) -> Points:
    """The pixels of a one-pixel mask. Raises DataError where a blob is too large to be clicks side by side."""
    mask = read_mask(path)
    largest = targets(mask).areas.max(initial=0)
    if largest > TOUCHING:
        raise DataError(
            f"{path} is no one-pixel mask: a blob has {largest} pixels; "
            "draw clicks from masks with `glimt convert DATASET points.csv --to points`"
        )
    return np.argwhere(mask).astype(float)
