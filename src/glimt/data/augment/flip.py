"""Mirrors and quarter turns: every pixel keeps its value."""

from dataclasses import dataclass

import numpy as np

from glimt.core.types import Sample
from glimt.data.augment.move import check_share, moved


@dataclass(frozen=True)
class Flip:
    """Upside down with probability `vertical`, left to right with probability `horizontal`."""

    vertical: float = 0.5
    horizontal: float = 0.5

    def __post_init__(self) -> None:
        check_share(vertical=self.vertical, horizontal=self.horizontal)

    def __call__(self, sample: Sample, rng: np.random.Generator) -> Sample:
        flipped = rng.random(2) < (self.vertical, self.horizontal)
        if not flipped.any():
            return sample
        axes = tuple(np.flatnonzero(flipped).tolist())
        last = np.array(sample.image.shape) - 1
        return moved(sample, lambda image: np.flip(image, axes), np.where(flipped, last - sample.points, sample.points))


@dataclass(frozen=True)
class Transpose:
    """Rows become columns, with a probability."""

    probability: float = 0.5

    def __post_init__(self) -> None:
        check_share(probability=self.probability)

    def __call__(self, sample: Sample, rng: np.random.Generator) -> Sample:
        if rng.random() >= self.probability:
            return sample
        return moved(sample, np.transpose, sample.points[:, ::-1].copy())


@dataclass(frozen=True)
class Rotate90:
    """One, two or three quarter turns to the left, with a probability."""

    probability: float = 0.75

    def __post_init__(self) -> None:
        check_share(probability=self.probability)

    def __call__(self, sample: Sample, rng: np.random.Generator) -> Sample:
        if rng.random() >= self.probability:
            return sample
        turns = int(rng.integers(1, 4))
        points, (rows, cols) = sample.points, sample.image.shape
        for _ in range(turns):
            points = np.stack([cols - 1 - points[:, 1], points[:, 0]], axis=1)
            rows, cols = cols, rows
        return moved(sample, lambda image: np.rot90(image, turns), points)
