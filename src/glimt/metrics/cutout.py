"""The part of a frame that matters: its occupied rows and columns, and one empty one behind each run of them.

Dropping the rest keeps blobs apart and whole, and leaves a few hundred pixels of a frame with a few small targets. This
is why scoring costs little more than thresholding.
"""

from collections.abc import Iterator
from typing import NamedTuple

import cv2
import numpy as np
from jaxtyping import Int, UInt8

from glimt.core.targets import Targets
from glimt.core.types import Mask

Indices = Int[np.ndarray, " _"]


class Axis(NamedTuple):
    """One side of a cut-out."""

    kept: Indices  # the rows (or columns) of the frame that are in the cut-out
    places: Indices  # where in the cut-out each occupied pixel lies


def axis(occupied: Indices, length: int) -> Axis:
    """The cut-out of an axis of `length` from the positions of its occupied pixels."""
    if not occupied.size:
        return Axis(np.zeros(1, dtype=np.int64), occupied)  # one empty place
    kept = np.zeros(length + 1, dtype=np.int8)
    kept[occupied] = 1
    kept[occupied + 1] = 1
    return Axis(np.flatnonzero(kept), (np.cumsum(kept) - 1)[occupied])


def targets_on_cutout(found: Mask, true: Mask) -> tuple[Targets, Targets]:
    """The targets of two masks of one frame: centroids on the frame, labels on a cut-out common to both."""
    where = np.flatnonzero(found | true)
    positions = np.divmod(where, found.shape[1])
    rows, cols = (axis(position, length) for position, length in zip(positions, found.shape, strict=True))
    small = np.zeros((2, len(rows.kept), len(cols.kept)), dtype=np.uint8)
    small[0, rows.places, cols.places] = found.ravel()[where]
    small[1, rows.places, cols.places] = true.ravel()[where]
    found_targets, true_targets = measured(small, rows.kept, cols.kept)
    return found_targets, true_targets


def measured(stack: UInt8[np.ndarray, "k h w"], rows: Indices, cols: Indices) -> Iterator[Targets]:
    """The blobs of each of a few cut-outs of one frame, with centroids on the frame.

    All are labelled as one tall image: their last row is empty, and raster order keeps the blobs of each together. The
    statistics of OpenCV are slow on a frame and quick on a cut-out. Centroids are sums of whole numbers over areas, as
    if they had been taken on the frame, so that "closer than 3" does not hang on a rounding.
    """
    count, height, width = stack.shape
    tall = stack.reshape(count * height, width)
    _, labels, stats, centroids = cv2.connectedComponentsWithStatsWithAlgorithm(tall, 8, cv2.CV_32S, cv2.CCL_WU)
    lefts, tops, _, _, areas = np.asarray(stats[1:], dtype=np.int64).T
    row_sums = np.rint(centroids[1:, 1] * areas) + (rows[tops % height] - tops) * areas
    col_sums = np.rint(centroids[1:, 0] * areas) + (cols[lefts] - lefts) * areas
    centroids = np.array([row_sums, col_sums]).T / areas[:, None]
    first = 0
    for i in range(count):
        last = int(np.searchsorted(tops, (i + 1) * height))
        own = labels[i * height : (i + 1) * height]
        yield Targets(np.maximum(own - first, 0) if first else own, centroids[first:last], areas[first:last])
        first = last
