"""Make a frame visible. For eyes only: no labeler, metric or network ever reads a stretched frame."""

import numpy as np
from jaxtyping import UInt8

from glimt.core.errors import OptionError
from glimt.core.types import Image


def stretch(image: Image, low: float = 1.0, high: float = 99.9) -> UInt8[np.ndarray, "h w"]:
    """Spread the grey levels between two percentiles over 0..255; what lies outside is clipped.

    Where the two percentiles meet (a few targets on a flat frame) the minimum and maximum take their place; a frame of
    one level turns black.
    """
    if not 0 <= low < high <= 100:
        raise OptionError(f"stretch from {low:g} to {high:g} percent: choose 0 <= low < high <= 100")
    bottom, top = np.percentile(image, (low, high))
    if bottom == top:
        bottom, top = float(image.min()), float(image.max())
    levels = image - np.float32(bottom)
    levels *= np.float32(255 / (top - bottom) if top > bottom else 0)
    return np.rint(levels, out=levels).clip(0, 255, out=levels).astype(np.uint8)
