"""Moving frame, the frames around it, label and points of a sample together."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from glimt.core.types import Image, Points, Sample


def moved(sample: Sample, change: Callable[[Image], Image], points: Points) -> Sample:
    """The sample with `change` made to frame and label, and its points at `points`, less those now outside."""
    label = None if sample.label is None else np.ascontiguousarray(change(sample.label))
    after = sample.seen(lambda image: np.ascontiguousarray(change(image)), points, label)
    return replace(after, points=inside(points, after.image.shape))


def inside(points: Points, shape: tuple[int, ...]) -> Points:
    """The points that lie on a pixel of a frame of `shape`."""
    return points[((points >= -0.5) & (points < np.array(shape) - 0.5)).all(axis=1)]


def check_share(**shares: float) -> None:
    """Raise ValueError for an option that is not from 0 to 1."""
    for name, share in shares.items():
        if not 0 <= share <= 1:
            raise ValueError(f"{name} is {share}; choose a value from 0 to 1")


def check_size(**sizes: int) -> None:
    """Raise ValueError for an option that is not a whole number of pixels."""
    for name, size in sizes.items():
        if size < 1:
            raise ValueError(f"{name} is {size}; choose at least 1 pixel")
