"""A step of an augmentation, and a pipeline of steps."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from glimt.core.types import Sample

Step: TypeAlias = Callable[[Sample, np.random.Generator], Sample]


@dataclass(frozen=True)
class Pipeline:
    """Steps one after the other."""

    steps: tuple[Step, ...] = ()

    def __call__(self, sample: Sample, rng: np.random.Generator) -> Sample:
        for step in self.steps:
            sample = step(sample, rng)
        return sample
