"""Changes of grey values; nothing moves. Values stay float32 in [0, 1] and are never rounded to levels."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from glimt.core.types import Image, Sample
from glimt.data.augment.move import check_share


@dataclass(frozen=True)
class Light:
    """Grey values times a factor, then their distance from the frame's mean times another.

    The factors are drawn evenly from 1 - `brightness` to 1 + `brightness`, and from 1 - `contrast` to 1 + `contrast`.
    """

    brightness: float = 0.5
    contrast: float = 0.5

    def __post_init__(self) -> None:
        check_share(brightness=self.brightness, contrast=self.contrast)

    def __call__(self, sample: Sample, rng: np.random.Generator) -> Sample:
        gain = rng.uniform(1 - self.brightness, 1 + self.brightness)
        spread = rng.uniform(1 - self.contrast, 1 + self.contrast)
        mean = gain * float(sample.image.mean(dtype=np.float64))
        shift = np.float32(mean * (1 - spread))
        return relit(sample, lambda image: image * np.float32(gain * spread) + shift)


@dataclass(frozen=True)
class Blur:
    """A Gaussian blur with a probability; its spread is drawn evenly up to `radius` pixels."""

    probability: float = 0.5
    radius: float = 1.0

    def __post_init__(self) -> None:
        check_share(probability=self.probability)
        if not self.radius > 0:
            raise ValueError(f"radius is {self.radius}; choose more than 0 pixels")

    def __call__(self, sample: Sample, rng: np.random.Generator) -> Sample:
        if rng.random() >= self.probability:
            return sample
        spread = self.radius * (1 - rng.random())  # never 0, which OpenCV takes for "choose one"
        return relit(sample, lambda image: cv2.GaussianBlur(image, (0, 0), spread))


def relit(sample: Sample, change: Callable[[Image], Image]) -> Sample:
    """The sample in another light, cut off at black and white."""
    return sample.seen(lambda image: np.clip(change(image), 0, 1), sample.points, sample.label)
