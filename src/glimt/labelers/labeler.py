"""A labeler turns points into masks: instance i + 1 is the target of points[i], and masks never overlap."""

from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
from jaxtyping import Float, Int

from glimt.core.errors import DataError, OptionError
from glimt.core.types import Image, Instances, Points

Labeler = Callable[[Image, Points], Instances]
Polarity = Literal["auto", "bright", "dark"]  # auto: decided at each click

BLOCK = 1 << 20  # pixels
SIGNS: dict[Polarity, int] = {"auto": 0, "bright": 1, "dark": -1}


class Drawing(NamedTuple):
    """What a labeler drew, and how far it trusts each mask."""

    instances: Instances
    quality: Float[np.ndarray, " n"]  # in [0, 1], 0 for a mask nobody should trust; NaN where the labeler cannot say
    sign: Int[np.ndarray, " n"]  # +1 for a target brighter than its surroundings, -1 for a darker one


def draw(labeler: Labeler, image: Image, points: Points) -> Drawing:
    """Run any labeler; one without a `draw` of its own answers without quality."""
    own = getattr(labeler, "draw", None)
    if own is not None:
        return own(image, points)
    unknown = np.full(len(points), np.nan)
    return Drawing(labeler(image, points), unknown, np.ones(len(points), dtype=np.int64))


def clicks_of(points: Points, image: Image) -> Int[np.ndarray, "n 2"]:
    """Points as whole pixels. Raises DataError for a point outside the frame."""
    clicks = np.rint(points).astype(np.int64)
    outside = ((clicks < 0) | (clicks >= image.shape)).any(axis=1)
    if outside.any():
        row, col = points[int(outside.argmax())]
        raise DataError(
            f"point (row {row:g}, col {col:g}) is outside the frame of {image.shape[0]} rows x {image.shape[1]} cols"
        )
    return np.ascontiguousarray(clicks)


def grey_levels(image: Image) -> np.ndarray:
    """The frame's own grey levels when it came from 8 or 16 bits, else the frame: same order, quicker to grow.

    Rows are converted in blocks, so that a frame of 100 megapixels needs one more byte or two a pixel, not ten.
    """
    for dtype in (np.uint8, np.uint16):
        levels = np.empty(image.shape, dtype)
        step = max(1, BLOCK // max(1, image.shape[1]))
        if all(_same_levels(image[top : top + step], levels[top : top + step]) for top in range(0, len(image), step)):
            return levels
    return np.ascontiguousarray(image, dtype=np.float32)


def _same_levels(image: Image, levels: np.ndarray) -> bool:
    """Fill `levels` from `image`; say whether nothing was rounded away."""
    white = np.float32(np.iinfo(levels.dtype).max)
    levels[:] = np.rint(image * white)
    return np.array_equal(levels / white, image)


def check_ranges(labeler: object, **ranges: tuple[float, float]) -> None:
    """Raise OptionError for an option outside its range, ends included: the kernel trusts what it is given."""
    for name, (low, high) in ranges.items():
        value = getattr(labeler, name)
        if not low <= value <= high:
            raise OptionError(f"{name} is {value:g}; choose a value from {low:g} to {high:g}")


def sign_of(polarity: Polarity) -> int:
    """The kernel's word for a polarity."""
    if polarity not in SIGNS:
        raise OptionError(f"polarity {polarity!r}: choose one of {', '.join(SIGNS)}")
    return SIGNS[polarity]
