"""Move points to the strongest bright or dark place near them, as the middle of a loose box may miss its target."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import cv2
import numpy as np

from glimt.core.types import Image, Point, Record
from glimt.data.formats.annotated import fitted
from glimt.data.point_records import middle
from glimt.data.samples import read_place

AROUND = 2  # the level of the surroundings is the median of a patch that reaches so many times as far


def snapped(
    records: Sequence[Record], reach: int, track: Callable[[Sequence[Record]], Iterable[Record]] = iter
) -> list[Record]:
    """The records with the points, or the middles of the boxes, moved by `reach` px each way at most."""
    return [snapped_record(record, reach) for record in track(records)]


def snapped_record(record: Record, reach: int) -> Record:
    """One frame; it is read only where it has points or boxes."""
    if not record.points and not record.boxes:
        return record
    image = read_place(record.place)
    whole = fitted(record, image.shape)
    points: list[Point] = []
    for point in whole.points or tuple(map(middle, whole.boxes)):
        place = extremum(image, point, reach)
        points.append(point if place is None or place in points else place)
    return replace(record, points=tuple(points))


def extremum(image: Image, point: Point, reach: int) -> Point | None:
    """The pixel within `reach` that none beside it exceeds, or none undercuts, farthest from the level around.

    None where there is no such pixel. Of equal ones it is the nearest.
    """
    row, col = round(point[0]), round(point[1])
    top, left = max(row - AROUND * reach, 0), max(col - AROUND * reach, 0)
    patch = image[top : row + AROUND * reach + 1, left : col + AROUND * reach + 1]
    rows, cols = np.indices(patch.shape) + np.array([top, left])[:, None, None]
    near = (abs(rows - row) <= reach) & (abs(cols - col) <= reach)
    height = np.abs(patch - np.median(patch)) * (near & is_extreme(patch))
    if not height.any():
        return None
    distance = np.where(height == height.max(), np.hypot(rows - point[0], cols - point[1]), np.inf)
    i = int(distance.argmin())
    return float(rows.flat[i]), float(cols.flat[i])


def is_extreme(image: Image) -> np.ndarray:
    """Where no neighbour is brighter, or none is darker."""
    square = np.ones((3, 3), np.uint8)
    return (image == cv2.dilate(image, square)) | (image == cv2.erode(image, square))
