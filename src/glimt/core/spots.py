"""Targets as a centre and a radius: read off the maps of a network that locates them, and drawn as discs.

A map has one cell for STRIDE x STRIDE pixels: cell (i, j) and an offset (di, dj) in [0, 1) mean the place
((i + di) STRIDE - 1/2, (j + dj) STRIDE - 1/2), for pixel centres are at whole numbers.
"""

from typing import NamedTuple

import cv2
import numpy as np
from jaxtyping import Float

from glimt.core.types import Instances, Points, ScoreMap

STRIDE = 4  # px a cell
SMALLEST = 0.5  # px; the radius of a target of one pixel
FAINTEST = 0.01  # a peak below it is none
MOST = 100  # peaks of one frame

Answer = Float[np.ndarray, "4 rows cols"]  # logits of a centre, offset of row and col in cells, radius in px


class Spots(NamedTuple):
    """What was located in one frame, strongest first; row i of each array is about the same target."""

    centres: Points  # (row, col), sub-pixel
    radii: Float[np.ndarray, " n"]  # px
    scores: Float[np.ndarray, " n"]  # in [0, 1]

    def above(self, threshold: float) -> "Spots":
        """Those whose score is above the threshold."""
        kept = self.scores > threshold
        return Spots(self.centres[kept], self.radii[kept], self.scores[kept])


class Located(NamedTuple):
    """Spots of one frame, and the pixels of each: instance i + 1 is spot i."""

    spots: Spots
    instances: Instances

    def score(self) -> ScoreMap:
        """The score of each spot on its pixels, 0 elsewhere."""
        return np.append(np.float32(0), self.spots.scores.astype(np.float32))[self.instances]


def peaks(answer: Answer, shape: tuple[int, ...], faintest: float = FAINTEST, most: int = MOST) -> Spots:
    """The cells that no neighbour exceeds, as spots of a frame of `shape`."""
    heat = np.ascontiguousarray(answer[0], dtype=np.float32)
    highest = cv2.dilate(heat, np.ones((3, 3), np.uint8))
    rows, cols = np.nonzero((heat == highest) & (heat > np.log(faintest / (1 - faintest))))
    strongest = np.argsort(-heat[rows, cols], kind="stable")[:most]
    rows, cols = rows[strongest], cols[strongest]
    cells = np.stack([rows, cols], axis=1) + answer[1:3, rows, cols].T
    centres = np.clip(cells * STRIDE - 0.5, 0, np.array(shape) - 1.0)
    scores = 1 / (1 + np.exp(-heat[rows, cols].astype(np.float64)))
    return Spots(centres, np.maximum(answer[3, rows, cols], SMALLEST).astype(np.float64), scores)


def discs(spots: Spots, shape: tuple[int, ...]) -> Instances:
    """Each spot as a disc, the stronger one on top; the pixel under a centre always belongs to one of them."""
    instances = np.zeros(shape, np.int32)
    for i in range(len(spots.scores) - 1, -1, -1):
        centre, radius = spots.centres[i], spots.radii[i]
        low = np.maximum(np.ceil(centre - radius), 0).astype(int)
        high = np.minimum(np.floor(centre + radius) + 1, shape).astype(int)
        rows, cols = np.ogrid[low[0] : high[0], low[1] : high[1]]
        inside = (rows - centre[0]) ** 2 + (cols - centre[1]) ** 2 <= radius**2
        instances[low[0] : high[0], low[1] : high[1]][inside] = i + 1
        instances[tuple(np.rint(centre).astype(int))] = i + 1
    return instances
