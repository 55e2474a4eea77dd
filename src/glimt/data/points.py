"""Clicks: drawn from masks, read from and written to files. They are (row, col), pixel centres at whole numbers."""

import re
from collections.abc import Callable

import numpy as np
from jaxtyping import Int

from glimt.core.catalog import hint
from glimt.core.errors import DataError, OptionError
from glimt.core.targets import Targets, targets
from glimt.core.types import Instances, Mask, Points
from glimt.data.point_files import read_points as read_points
from glimt.data.point_files import write_points as write_points

Draw = Callable[[Targets, np.random.Generator], Points]

SPREAD = 1 / 4  # standard deviation of a coarse click, in halves of the target's box
OFFSET = re.compile(r"offset-(\d+(?:\.\d+)?)")  # a click so many px from the centroid, in a random direction
ROUNDS = 1000  # redraws of a coarse click before any pixel of the target will do


def points_from_mask(mask: Mask, kind: str, rng: np.random.Generator) -> Points:
    """One click of this kind in each 8-connected target, in raster order of the targets' first pixels."""
    return points_from_targets(targets(mask), kind, rng)


def points_from_targets(found: Targets, kind: str, rng: np.random.Generator) -> Points:
    """One click of this kind in each target, none of which is empty."""
    away = OFFSET.fullmatch(kind)
    if away:
        return shifted(centroid(found, rng), float(away[1]), rng, found.labels.shape)
    if kind not in POINT_KINDS:
        raise OptionError(f"no point kind {kind!r}{hint(kind, POINT_KINDS)}; known: {kinds()}")
    return POINT_KINDS[kind](found, rng)


def is_kind(name: str) -> bool:
    """Whether this is the name of a kind of click."""
    return name in POINT_KINDS or OFFSET.fullmatch(name) is not None


def kinds() -> str:
    """All kinds, for a person."""
    return ", ".join((*POINT_KINDS, "offset-PX"))


def centroid(found: Targets, rng: np.random.Generator) -> Points:
    """The mean of the target's pixels, rounded to a pixel; halves go to the even one, as `np.rint` does."""
    return np.rint(found.centroids)


def floor(found: Targets, rng: np.random.Generator) -> Points:
    """LESPS' centroid: the mean of the target's pixels, truncated."""
    return np.floor(found.centroids)


def coarse(found: Targets, rng: np.random.Generator) -> Points:
    """LESPS' coarse click: centroid + (box / 2) N(0, 1/4) each way, truncated, redrawn until it lies in the target."""
    points = np.full_like(found.centroids, np.nan)
    halves = box_sizes(found) / 2
    outside = np.arange(len(points))
    for _ in range(ROUNDS):
        if not outside.size:
            return points
        offsets = halves[outside] * rng.normal(0, SPREAD, (len(outside), 2))
        drawn = np.floor(found.centroids[outside] + offsets)
        points[outside] = np.clip(drawn, 0, np.array(found.labels.shape) - 1)
        rows, cols = points[outside].astype(np.int64).T
        outside = outside[found.labels[rows, cols] != outside + 1]
    points[outside] = interior(found, rng)[outside]  # a thin ring, whose middle is far from every pixel of it
    return points


def interior(found: Targets, rng: np.random.Generator) -> Points:
    """Any pixel of the target, each as likely."""
    return choose(found.labels, np.flatnonzero(found.labels), rng)


def boundary(found: Targets, rng: np.random.Generator) -> Points:
    """Any pixel of the target that has one of its four neighbours outside it, or outside the frame."""
    (height, width), flat = found.labels.shape, found.labels.ravel()
    places = np.flatnonzero(flat)
    rows, cols = np.divmod(places, width)
    rim = (rows == 0) | (cols == 0) | (rows == height - 1) | (cols == width - 1)
    for step in (-width, width, -1, 1):
        rim |= flat[np.clip(places + step, 0, flat.size - 1)] != flat[places]
    return choose(found.labels, places[rim], rng)


POINT_KINDS: dict[str, Draw] = {
    "centroid": centroid,
    "floor": floor,
    "coarse": coarse,
    "interior": interior,
    "boundary": boundary,
}


def choose(labels: Instances, places: Int[np.ndarray, " n"], rng: np.random.Generator) -> Points:
    """One of `places` (indices into the raveled frame) for each region of `labels`, each as likely."""
    owner = labels.ravel()[places]
    places = places[np.argsort(owner, kind="stable")]  # those of region 1, then those of region 2, ...
    counts = np.bincount(owner)[1:]
    chosen = np.cumsum(counts) - counts + rng.integers(0, counts)
    return np.stack(np.divmod(places[chosen], labels.shape[1]), axis=1).astype(float)


def box_sizes(found: Targets) -> Points:
    """(height, width) of each target's box."""
    rows, cols = np.nonzero(found.labels)
    owner = found.labels[rows, cols] - 1
    sizes = np.empty_like(found.centroids)
    for axis, places in enumerate((rows, cols)):
        low, high = np.full(len(sizes), places.max(initial=0)), np.zeros(len(sizes), dtype=np.int64)
        np.minimum.at(low, owner, places)
        np.maximum.at(high, owner, places)
        sizes[:, axis] = high - low + 1
    return sizes


def shifted(points: Points, pixels: float, rng: np.random.Generator, shape: tuple[int, int] | None = None) -> Points:
    """The points moved by `pixels` in random directions, to the nearest pixel; kept inside a frame of `shape`."""
    angle = rng.uniform(0, 2 * np.pi, len(points))
    moved = np.rint(points + pixels * np.stack([np.sin(angle), np.cos(angle)], axis=1))
    return moved if shape is None else np.clip(moved, 0, np.array(shape) - 1)


def points_inside(points: Points, shape: tuple[int, ...], name: str) -> None:
    """Raise DataError, naming the frame, where a point is not on a pixel of a frame of `shape`."""
    pixels = np.rint(points)
    outside = ~((pixels >= 0) & (pixels < np.array(shape))).all(axis=1)
    if outside.any():
        row, col = points[int(outside.argmax())].tolist()
        raise DataError(
            f"{name}: point (row {row:g}, col {col:g}) is outside the frame of {shape[0]} rows x {shape[1]} cols"
        )


def one_pixel_mask(points: Points, shape: tuple[int, int], name: str) -> Mask:
    """A mask with one pixel a point. Raises DataError for a point outside, and for two on one pixel."""
    points_inside(points, shape, name)
    mask = np.zeros(shape, dtype=bool)
    rows, cols = np.rint(points).astype(np.int64).T
    mask[rows, cols] = True
    if mask.sum() < len(points):
        raise DataError(f"{name}: two of its {len(points)} points lie on one pixel")
    return mask
