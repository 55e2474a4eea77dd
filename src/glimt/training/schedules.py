"""Schedules, by name: the share of the learning rate at a moment of the training.

A schedule is called with the epochs that are over, as a float, and with all the epochs. It holds no state, so a resumed
run needs none of it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

Schedule: TypeAlias = Callable[[float, int], float]


@dataclass(frozen=True)
class Constant:
    """The same rate throughout (MSHNet, DNA-Net as released)."""

    def __call__(self, epoch: float, epochs: int) -> float:
        return 1.0


@dataclass(frozen=True)
class MultiStep:
    """Times `gamma` at each milestone, an epoch (BasicIRSTD, LESPS: a tenth at 200 and at 300 of 400)."""

    milestones: tuple[int, ...] = (200, 300)
    gamma: float = 0.1

    def __call__(self, epoch: float, epochs: int) -> float:
        return self.gamma ** sum(epoch >= milestone for milestone in self.milestones)


@dataclass(frozen=True)
class Cosine:
    """A linear rise over `warmup` epochs, then half a cosine wave down to the share `floor`."""

    warmup: float = 0.0
    floor: float = 0.0

    def __call__(self, epoch: float, epochs: int) -> float:
        if epoch < self.warmup:
            return max(epoch / self.warmup, 1e-3)
        over = (epoch - self.warmup) / max(epochs - self.warmup, 1e-9)
        return self.floor + (1 - self.floor) * (1 + math.cos(math.pi * min(over, 1.0))) / 2


@dataclass(frozen=True)
class Poly:
    """(1 - epoch / epochs) to the `power` (ACM, AGPCNet)."""

    power: float = 0.9

    def __call__(self, epoch: float, epochs: int) -> float:
        return (1 - min(epoch / epochs, 1.0)) ** self.power
