"""Pictures around a point: cut from the sheets that a run left, and from the frames of its dataset.

All show the same 33 x 33 pixels, the point in the middle, black beyond the frame.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jaxtyping import UInt8

from glimt.core.errors import DataError, FrameError
from glimt.core.frames import read_pixels
from glimt.core.stretch import stretch
from glimt.core.types import Image, Sample
from glimt.data.dataset import open_dataset
from glimt.data.samples import read
from glimt.labelers.labeler import clicks_of
from glimt.report.overlay import CLIPPED
from glimt.training.config import Data
from glimt.training.evolution import ACROSS, REACH, pictures_of

SIDE = 2 * REACH + 1
Tile = UInt8[np.ndarray, "_ _"]
Tiles = UInt8[np.ndarray, "_ _ _"]
Place = tuple[str, int, int]


class Around(NamedTuple):
    """What the dataset shows around one target."""

    frame: Tile
    true: Tile | None


def tiles_of(file: Path, count: int) -> Tiles | None:
    """The pictures of a sheet for a table of `count` rows; None where there is no such sheet, or a damaged one."""
    try:
        pixels = read_pixels(file)
    except FrameError:
        return None
    if pixels.dtype != np.uint8 or pixels.shape != (-(-count // ACROSS) * SIDE, ACROSS * SIDE):
        return None
    return pixels.reshape(-1, SIDE, ACROSS, SIDE).swapaxes(1, 2).reshape(-1, SIDE, SIDE)


def dataset_around(data: Data, places: Iterable[Place]) -> dict[Place, Around]:
    """What the dataset of a run shows around targets; a frame that cannot be read any more is left out.

    Raises DataError where there is no dataset any more.
    """
    records = {record.id: record for record in open_dataset(data.root, data.layout).records(data.train)}
    found: dict[Place, Around] = {}
    for id, some in groupby(sorted(places), key=lambda place: place[0]):
        try:
            found.update(around(read(records[id]), list(some)))
        except (KeyError, DataError):
            continue
    return found


def around(sample: Sample, places: list[Place]) -> Iterator[tuple[Place, Around]]:
    """The frame around each of its targets, and the true mask where there is one."""
    points = np.array([place[1:] for place in places], dtype=float)
    clicks = clicks_of(points, sample.image).tolist()
    marked = Sample(sample.id, sample.image, points)
    true = [None] * len(places) if sample.label is None else pictures_of(marked, sample.label)
    for place, (row, col), mask in zip(places, clicks, true, strict=True):
        yield place, Around(crop(sample.image, row, col), mask)


def crop(image: Image, row: int, col: int) -> Tile:
    """The frame around a pixel, stretched by what is seen of it."""
    top, left = max(0, row - REACH), max(0, col - REACH)
    seen = stretch(image[top : row + REACH + 1, left : col + REACH + 1], *CLIPPED)
    whole = np.zeros((SIDE, SIDE), dtype=np.uint8)
    down, right = top - row + REACH, left - col + REACH
    whole[down : down + seen.shape[0], right : right + seen.shape[1]] = seen
    return whole
