"""A large frame in tiles that overlap; what two tiles answer is blended, so that no seam shows."""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from glimt.core.errors import OptionError
from glimt.core.types import Sample, ScoreMap

GRID = 32  # tiles begin at multiples of it, so that networks that halve their input see the same halves

Ask = Callable[[Sample], ScoreMap]
Span = tuple[int, int]


def tiled(ask: Ask, sample: Sample, size: int, overlap: int) -> ScoreMap:
    """The score map of a frame of any size, from tiles of `size` px.

    It is that of the whole frame where a pixel's score depends on no more than a quarter of `overlap` around it. Raises
    OptionError where tiles would not move on.
    """
    height, width = sample.image.shape
    rows, cols = spans(height, size, overlap), spans(width, size, overlap)
    scores, weights = np.zeros((2, height, width), dtype=np.float32)
    for top, bottom in rows:
        for left, right in cols:
            part = np.s_[top:bottom, left:right]
            weight = np.outer(ramp((top, bottom), height, overlap), ramp((left, right), width, overlap))
            scores[part] += weight * ask(sample.part((top, left, bottom, right)))
            weights[part] += weight
    return scores / weights


def spans(length: int, size: int, overlap: int) -> list[Span]:
    """Where the tiles begin and end along one side; the last one ends with the frame."""
    step = check_step(size, overlap)
    starts = range(0, max(length - overlap, 1), step)
    return [(start, min(start + size, length)) for start in starts]


def check_step(size: int, overlap: int) -> int:
    """How far it is from one tile to the next. Raises OptionError where tiles would not move on."""
    step = (size - overlap) // GRID * GRID
    if step < GRID or overlap < 0:
        raise OptionError(
            f"tiles of {size} px that overlap by {overlap} do not move on; take a tile of {overlap + GRID} or more"
        )
    return step


def ramp(span: Span, length: int, overlap: int) -> Float[np.ndarray, " n"]:
    """The weight of a tile's pixels along one side, one at the ends of the frame.

    It is nothing in the outer quarter of an overlap, rises over the middle half, and is one further in.
    """
    start, end = span
    place = np.arange(end - start) + 0.5
    weight = np.ones(end - start, dtype=np.float32)
    for distance, inner in ((place, start > 0), (place[::-1], end < length)):
        if inner:
            weight *= np.clip((distance - overlap / 4) / max(overlap / 2, 1e-6), 0, 1)
    return weight
