"""Resizing. Pixel centres are at integers: p becomes (p + 1/2) s - 1/2 along a side that is s times as long."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float

from glimt.core.targets import label as number
from glimt.core.types import Image, Sample, SoftMask
from glimt.data.augment.move import check_share, check_size, inside

Shape = tuple[int, int]  # (rows, cols)
Resized = Float[np.ndarray, "rows cols"]


@dataclass(frozen=True)
class Resize:
    """A square of `size` pixels, whatever the frame's proportions; the label keeps its values (nearest pixel)."""

    size: int

    def __post_init__(self) -> None:
        check_size(size=self.size)

    def __call__(self, sample: Sample, rng: np.random.Generator) -> Sample:
        return resized(sample, (self.size, self.size), nearest)


@dataclass(frozen=True)
class ResizeLong:
    """The long side becomes a whole number of pixels drawn from `low` to `high`; the label keeps its values."""

    low: int = 128
    high: int = 512

    def __post_init__(self) -> None:
        check_size(low=self.low)
        if self.high < self.low:
            raise ValueError(f"high is {self.high}, below low, {self.low}")

    def __call__(self, sample: Sample, rng: np.random.Generator) -> Sample:
        factor = int(rng.integers(self.low, self.high + 1)) / max(sample.image.shape)
        return resized(sample, scaled(sample.image.shape, factor), nearest)


@dataclass(frozen=True)
class RandomScale:
    """Both sides grow by a factor drawn evenly from 1 - `share` to 1 + `share`; the label becomes soft at its edges."""

    share: float = 0.5

    def __post_init__(self) -> None:
        check_share(share=self.share)

    def __call__(self, sample: Sample, rng: np.random.Generator) -> Sample:
        factor = rng.uniform(1 - self.share, 1 + self.share)
        return resized(sample, scaled(sample.image.shape, factor), soft)


def scaled(shape: tuple[int, ...], factor: float) -> Shape:
    """A shape `factor` times as large, of one pixel at least."""
    return max(1, round(shape[0] * factor)), max(1, round(shape[1] * factor))


def resized(sample: Sample, shape: Shape, resample: Callable[[SoftMask, Shape], Resized]) -> Sample:
    """The sample in a frame of `shape`, its label by `resample`."""
    if shape == sample.image.shape:
        return sample
    ratio = np.array(shape) / sample.image.shape
    label = None if sample.label is None else resample(sample.label, shape)
    points = inside((sample.points + 0.5) * ratio - 0.5, shape)
    return sample.seen(lambda image: smooth(image, shape), points, label)


def smooth(image: Image, shape: Shape) -> Resized:
    """The frame by its mean over each new pixel where it shrinks, else bilinear."""
    shrinks = shape[0] <= image.shape[0] and shape[1] <= image.shape[1]
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.clip(cv2.resize(image, shape[::-1], interpolation=how), 0, 1)


def nearest(label: SoftMask, shape: Shape) -> Resized:
    """The label by the value under each new pixel's centre. A target thinner than the step may vanish."""
    return cv2.resize(label, shape[::-1], interpolation=cv2.INTER_NEAREST_EXACT)


def soft(label: SoftMask, shape: Shape) -> Resized:
    """The label like the frame, but no target vanishes: one left without a pixel above 0.5 gets 1 at its best."""
    new = smooth(label, shape)
    blobs, count = number(smooth((label > 0.5).astype(np.float32), shape) > 0)
    pixels = np.flatnonzero(blobs)
    owner, values = blobs.flat[pixels], new.flat[pixels]
    best = np.zeros(count + 1, np.float32)
    np.maximum.at(best, owner, values)
    lost = pixels[(values == best[owner]) & (best[owner] <= 0.5)]
    _, first = np.unique(blobs.flat[lost], return_index=True)
    new.flat[lost[first]] = 1
    return new
