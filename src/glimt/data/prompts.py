"""Points as a map that a network can be shown: TEI, target energy initialisation, of EDGSP (paper 004)."""

from math import ceil, log, sqrt

import numpy as np
from jaxtyping import Float

from glimt.core.types import Points, ScoreMap

Stamp = Float[np.ndarray, "k k"]  # what a point becomes; k is odd

FAINT = 1e-6  # a Gaussian ends where it is fainter


def gaussian(fwhm: float) -> Stamp:
    """exp(-4 ln 2 r^2 / fwhm^2): one at the point, half of it `fwhm` / 2 px away."""
    if not fwhm > 0:
        raise ValueError(f"fwhm is {fwhm}; choose more than 0 pixels")
    reach = ceil(fwhm / 2 * sqrt(-log(FAINT) / log(2)))
    side = np.exp(-4 * log(2) / fwhm**2 * np.arange(-reach, reach + 1) ** 2)
    return np.outer(side, side).astype(np.float32)


def pixel() -> Stamp:
    """One, at the point alone."""
    return np.ones((1, 1), np.float32)


def prompt_map(points: Points, shape: tuple[int, ...], stamp: Stamp) -> ScoreMap:
    """A map of `shape` with `stamp` at each point's pixel, the largest value where they overlap; 0 without points."""
    reach = len(stamp) // 2
    whole = np.zeros((shape[0] + 2 * reach, shape[1] + 2 * reach), np.float32)
    for row, col in np.rint(points).astype(np.int64):
        around = whole[row : row + len(stamp), col : col + len(stamp)]
        np.maximum(around, stamp, out=around)
    return whole[reach : reach + shape[0], reach : reach + shape[1]]
