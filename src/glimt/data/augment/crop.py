"""Cropping to a fixed size, with a chosen share of crops that hold a target.

A frame smaller than the crop is padded below and to the right, so every crop has exactly the size asked.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from glimt.core.types import Mask, Sample
from glimt.data.augment.move import check_share, check_size, moved

Corner = tuple[int, int]  # (top, left)


@dataclass(frozen=True)
class Crop:
    """A random square of `size` pixels; `fill` is the grey value beyond the frame.

    `rule` says how crops come to hold a target (label above 0.5). "pixel" takes a share `positive` of the crops around
    a target pixel drawn at random, at a random place in the crop. "redraw" draws anywhere, and an empty crop is drawn
    again unless a coin of probability 1 - `positive` lets it pass. The other crops of "pixel", and all crops of a frame
    without target, lie anywhere.
    """

    size: int
    positive: float = 0.5
    fill: float = 0.0
    rule: Literal["pixel", "redraw"] = "pixel"

    def __post_init__(self) -> None:
        check_size(size=self.size)
        check_share(positive=self.positive, fill=self.fill)

    def __call__(self, sample: Sample, rng: np.random.Generator) -> Sample:
        sample = padded(sample, self.size, self.fill)
        top, left = self._corner(sample, rng)
        window = slice(top, top + self.size), slice(left, left + self.size)
        return moved(sample, lambda image: image[window], sample.points - (top, left))

    def _corner(self, sample: Sample, rng: np.random.Generator) -> Corner:
        mask = None if sample.label is None else sample.label > 0.5
        if mask is None or not self.positive or not mask.any():
            return anywhere(sample.image.shape, self.size, rng)
        return CORNERS[self.rule](mask, self.size, self.positive, rng)


def padded(sample: Sample, size: int, fill: float) -> Sample:
    """The sample with rows below and columns to the right, so that no side is shorter than `size`."""
    below, right = (max(0, size - side) for side in sample.image.shape)
    if not below and not right:
        return sample
    beyond = ((0, below), (0, right))
    label = None if sample.label is None else np.pad(sample.label, beyond)
    return sample.seen(lambda image: np.pad(image, beyond, constant_values=np.float32(fill)), sample.points, label)


def anywhere(shape: tuple[int, ...], size: int, rng: np.random.Generator) -> Corner:
    """A corner drawn evenly from those whose crop lies within the frame."""
    return int(rng.integers(shape[0] - size + 1)), int(rng.integers(shape[1] - size + 1))


def on_a_pixel(mask: Mask, size: int, positive: float, rng: np.random.Generator) -> Corner:
    """With probability `positive`, a corner drawn evenly from those whose crop holds a target pixel drawn evenly."""
    if rng.random() >= positive:
        return anywhere(mask.shape, size, rng)
    pixels = np.flatnonzero(mask)
    pixel = np.unravel_index(pixels[rng.integers(len(pixels))], mask.shape)
    # from pixel - size + 1: a crop that starts one row earlier ends just before the pixel
    row, col = (
        int(rng.integers(max(0, at - size + 1), min(at, side - size) + 1))
        for at, side in zip(pixel, mask.shape, strict=True)
    )
    return row, col


def redrawn(mask: Mask, size: int, positive: float, rng: np.random.Generator) -> Corner:
    """A corner drawn anywhere, again and again, until its crop holds a target or the coin lets it pass."""
    while True:
        top, left = anywhere(mask.shape, size, rng)
        if rng.random() >= positive or mask[top : top + size, left : left + size].any():
            return top, left


CORNERS = {"pixel": on_a_pixel, "redraw": redrawn}
