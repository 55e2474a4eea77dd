"""How a camera turns what it sees into grey levels."""

from dataclasses import dataclass

import numpy as np

from glimt.core.types import Image


@dataclass(frozen=True)
class Exposure:
    """How a camera maps what it sees to [0, 1]: `low` to `floor`, `high` to `floor + span`."""

    low: float
    high: float
    floor: float
    span: float

    def __call__(self, frame: Image) -> Image:
        return np.clip(self.floor + self.span * (frame - self.low) / (self.high - self.low), 0, 1).astype(np.float32)


def draw_exposure(frame: Image, rng: np.random.Generator) -> Exposure:
    """A brightness and a contrast that cameras deliver, for what `frame` holds."""
    low, high = np.quantile(frame, [0.005, 0.995])
    span, floor = rng.uniform(0.15, 0.7), rng.uniform(0.04, 0.28)
    return Exposure(low, high, floor, span)
