"""Cutting a square around a point: what EDGSP is compared with (paper 004, Fig. 5, "prompt-based center-cropping").

A square that reaches beyond the frame is filled there, so every point is at the same place of its square.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from glimt.core.types import Image, Sample
from glimt.data.augment.crop import Crop
from glimt.data.augment.move import check_share, check_size, inside

Place = Float[np.ndarray, "2"]  # (row, col)
Square = Float[np.ndarray, "rows cols"]
Corner = Int[np.ndarray, "2"]  # (top, left); outside the frame where the square is


@dataclass(frozen=True)
class Centre:
    """A square of `size` pixels around one of the points, each as likely; `fill` is the grey value beyond the frame.

    A frame without points gives a square anywhere.
    """

    size: int
    fill: float = 0.0

    def __post_init__(self) -> None:
        check_size(size=self.size)
        check_share(fill=self.fill)

    def __call__(self, sample: Sample, rng: np.random.Generator) -> Sample:
        if not len(sample.points):
            return Crop(self.size, 0.0, self.fill)(sample, rng)
        return cut_around(sample, sample.points[rng.integers(len(sample.points))], self.size, self.fill)


def cut_around(sample: Sample, point: Place, size: int, fill: float) -> Sample:
    """The square of `size` pixels around a point of the sample, with the points that lie in it."""
    corner = corner_of(point, size)
    label = None if sample.label is None else square(sample.label, corner, size, 0.0)
    points = inside(sample.points - corner, (size, size))
    return sample.seen(lambda image: square(image, corner, size, fill), points, label)


def corner_of(point: Place, size: int) -> Corner:
    """Where the square around the point's pixel begins; of an even side, the pixel is the first of the second half."""
    return np.rint(point).astype(np.int64) - size // 2


def square(image: Image, corner: Corner, size: int, fill: float) -> Square:
    """The `size` x `size` pixels from a corner on, `fill` where there are none."""
    cut = np.full((size, size), fill, image.dtype)
    there, here = overlap(corner, size, image.shape)
    cut[here] = image[there]
    return cut


def overlap(corner: Corner, size: int, shape: tuple[int, ...]) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """The part of a square that lies in a frame of `shape`: its place in the frame, and its place in the square."""
    low, high = np.maximum(corner, 0), np.minimum(corner + size, shape)
    (top, left), (bottom, right) = low.tolist(), high.tolist()
    row, col = corner.tolist()
    return np.s_[top:bottom, left:right], np.s_[top - row : bottom - row, left - col : right - col]
