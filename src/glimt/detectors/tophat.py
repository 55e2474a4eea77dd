"""White top-hat: the frame less its opening by a square. What is bright and fits into the square is left.

Bright targets only; the background is what the opening keeps (Rivest and Fortin, Optical Engineering 1996).
"""

from dataclasses import dataclass

import cv2
import numpy as np

from glimt.core.types import Image, ScoreMap
from glimt.detectors.detector import check_side, check_sigmas, scores_of


@dataclass(frozen=True)
class TopHat:
    """`side` of the square in pixels: a target as wide as that is still found, a wider one is background."""

    side: int = 7
    sigmas: float = 10.0

    def __post_init__(self) -> None:
        check_side(self.side)
        check_sigmas(self.sigmas)

    def __call__(self, image: Image) -> ScoreMap:
        # what lies beyond the edge is left out of minimum and maximum
        square = np.ones((self.side, self.side), dtype=np.uint8)
        return scores_of(cv2.morphologyEx(image, cv2.MORPH_TOPHAT, square), self.sigmas)
