"""Clicks out of COCO and LabelMe annotations: points, else the middles of boxes, else the centroids of regions."""

import math
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from glimt.core.errors import DataError
from glimt.core.targets import measure
from glimt.core.types import Box, Point, Points, Record, Region
from glimt.data.layouts import coco, labelme
from glimt.data.layouts.json_files import read_json
from glimt.data.regions import mask_of

EDGE = -0.5  # the frame's top and left edge, for pixel centres are at whole numbers


def from_json(path: Path) -> dict[str, Points]:
    """The points of a COCO or a LabelMe file."""
    read_json(path)  # the layouts pass over a file they cannot read; here it is the only one
    for layout in (coco.LAYOUT, labelme.LAYOUT):
        if layout.matches(path):
            return of_records(layout.frames(path), path)
    raise DataError(f"{path} is neither COCO (images, annotations) nor LabelMe (shapes)")


def of_records(records: Iterable[Record], path: Path) -> dict[str, Points]:
    """The points of each frame; frames that are not labelled are left out. Raises DataError when there is no point."""
    found: dict[str, Points] = {}
    for record in records:
        places = places_of(record, path)
        if places or record.empty:
            found[record.id] = array_of(places)
    if not any(map(len, found.values())):
        raise DataError(f"{path} holds no point, no box and no region")
    return found


def places_of(record: Record, path: Path) -> list[Point]:
    """One place a target. Raises DataError where a target has none, where two share one, where one is off the frame."""
    if record.points and len(record.points) < len(record.boxes):
        raise DataError(
            f"{path}: {record.id} has {len(record.boxes)} targets and {len(record.points)} points; "
            "give each target a point, or none at all"
        )
    places = list(record.points or map(middle, record.boxes))
    if len(places) < len(record.regions):  # COCO may leave the boxes out
        places = list(map(centroid, record.regions))
    refuse_strange(places, f"{path}: {record.id}")
    return places


def refuse_strange(places: list[Point], where: str) -> None:
    """Raise DataError for a place that is no number, lies above or left of the frame, or is there twice."""
    seen: set[Point] = set()
    for row, col in places:
        point = f"(row {row:g}, col {col:g})"
        if not (EDGE <= row < math.inf and EDGE <= col < math.inf):
            raise DataError(f"{where} has the point {point}, which is no place; rows and cols count from 0")
        if (row, col) in seen:
            raise DataError(f"{where} has the point {point} twice")
        seen.add((row, col))


def middle(box: Box) -> Point:
    """The middle of a box; pixel centres are at whole numbers."""
    top, left, bottom, right = box
    return (top + bottom - 1) / 2, (left + right - 1) / 2


def centroid(region: Region) -> Point:
    """The mean of a region's pixels, rounded to a pixel; not a number where it has none."""
    ((row, col),) = np.rint(measure(mask_of(region).astype(np.int32), 1).centroids).tolist()
    return row, col


def array_of(places: Iterable[Point]) -> Points:
    """Places as an array, (0, 2) when there is none."""
    return np.array(list(places), dtype=float).reshape(-1, 2)
