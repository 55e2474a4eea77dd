"""What a detector is: a frame in, a score map out.

Classical methods cut their answer at mean + k sigma of the frame. So a score here says how many sigmas a pixel's answer
lies above the mean: it is above one half where the answer is above mean + k sigma, and other thresholds are other k.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from glimt.core.errors import OptionError
from glimt.core.types import Image, ScoreMap

Detector = Callable[[Image], ScoreMap]

Response = Float[np.ndarray, "h w"]  # a method's answer in its own unit: the larger, the more of a target

FLAT = 1e-6  # a spread below it is rounding: the frame has no target


def scores_of(response: Response, sigmas: float) -> ScoreMap:
    """How far each answer lies above the frame's mean, squeezed into [0, 1): z sigmas become z / (z + sigmas)."""
    mean, spread = response.mean(dtype=np.float64), response.std(dtype=np.float64)
    if spread < FLAT:
        return np.zeros(response.shape, dtype=np.float32)
    above = np.maximum(response - mean, 0) / spread
    return (above / (above + sigmas)).astype(np.float32)


def check_side(side: int) -> None:
    """Raise OptionError unless a window of that side has a middle and something around it."""
    if side < 3 or side % 2 == 0:
        raise OptionError(f"side is {side}; choose an odd number of pixels from 3 up")


def check_sigmas(sigmas: float) -> None:
    """Raise OptionError for a threshold at or below the mean."""
    if not sigmas > 0:
        raise OptionError(f"sigmas is {sigmas:g}; choose a number above 0, e.g. 10")
