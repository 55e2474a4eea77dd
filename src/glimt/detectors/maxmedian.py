"""Max-median filter: the frame less the largest of four medians, along row, column and diagonals.

An edge is kept by the median along it, so it cancels; a spot is kept by none (Deshpande et al., SPIE 1999).
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool
from scipy.ndimage import median_filter

from glimt.core.types import Image, ScoreMap
from glimt.detectors.detector import check_side, check_sigmas, scores_of


@dataclass(frozen=True)
class MaxMedian:
    """`side` of the window in pixels; a target wider than half of it is background."""

    side: int = 9
    sigmas: float = 10.0

    def __post_init__(self) -> None:
        check_side(self.side)
        check_sigmas(self.sigmas)

    def __call__(self, image: Image) -> ScoreMap:
        background = np.full(image.shape, -np.inf, dtype=np.float32)
        for line in lines(self.side):
            np.maximum(background, median_filter(image, footprint=line, mode="nearest"), out=background)
        return scores_of(np.maximum(image - background, 0), self.sigmas)


def lines(side: int) -> tuple[Bool[np.ndarray, "_ _"], ...]:
    """The four lines through the middle of a window."""
    row, diagonal = np.ones((1, side), dtype=bool), np.eye(side, dtype=bool)
    return row, row.T, diagonal, diagonal[::-1]
