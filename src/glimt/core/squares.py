"""Squares about a place in a frame."""

import numpy as np

from glimt.core.types import Point


def square(shape: tuple[int, ...], centre: Point, side: int) -> tuple[slice, slice]:
    """Rows and columns of a square of `side` px about `centre`, moved to lie inside a frame of `shape` (h, w).

    It ends beyond a frame that is smaller, where NumPy cuts it.
    """
    starts = [
        int(np.clip(round(middle) - side // 2, 0, max(0, length - side)))
        for middle, length in zip(centre, shape, strict=True)
    ]
    return slice(starts[0], starts[0] + side), slice(starts[1], starts[1] + side)
