"""A window on a picture, at a sub-pixel place."""

import cv2
import numpy as np
from jaxtyping import Float, Int

from glimt.core.types import Point
from glimt.data.synthetic.background import Field, Shape

TAPS = np.arange(-2, 4)  # pixels about a place that tell its value: three on either side
BEFORE, BEHIND = 2, 3


def look(picture: Field, place: Point, size: Shape, repeat: bool = False) -> Field:
    """The `size` pixels of a picture whose first one lies at the sub-pixel `place` (Lanczos with three lobes).

    Beyond its edges the picture is mirrored, or repeated. At a whole place the pixels are the picture's own.
    """
    top, left = int(np.floor(place[0])), int(np.floor(place[1]))
    rows, cols = (
        _indices(start, length, total, repeat)
        for start, length, total in zip((top, left), size, picture.shape, strict=True)
    )
    part = np.ascontiguousarray(picture[rows][:, cols], dtype=np.float32)
    seen = cv2.sepFilter2D(part, -1, _weights(place[1] - left), _weights(place[0] - top), anchor=(BEFORE, BEFORE))
    return np.ascontiguousarray(seen[BEFORE:-BEHIND, BEFORE:-BEHIND])


def _weights(part: float) -> Float[np.ndarray, " k"]:
    weights = np.sinc(TAPS - part) * np.sinc((TAPS - part) / 3)
    weights[np.abs(weights) < 1e-12] = 0  # so that a whole place gives the very pixels
    return weights / weights.sum()


def _indices(start: int, length: int, total: int, repeat: bool) -> Int[np.ndarray, " k"]:
    wanted = np.arange(start - BEFORE, start + length + BEHIND)
    if repeat:
        return wanted % total
    return fold(wanted, total - 1)


def fold(way: np.ndarray, room: float) -> np.ndarray:
    """A way that turns back at 0 and at `room`."""
    if room <= 0:
        return np.zeros_like(way)
    within = np.mod(way, 2 * room)
    return np.minimum(within, 2 * room - within)
