"""The stages of a training: each begins with a network that knows nothing."""

from collections.abc import Iterable
from typing import NamedTuple


class Stage(NamedTuple):
    """Epochs `start` to `end - 1`, counted from 0."""

    start: int
    end: int

    def progress(self, epoch: float) -> float:
        """How much of the stage is over at a moment of it, from 0 to 1."""
        return (epoch - self.start) / (self.end - self.start)


def stage_of(epoch: int, restarts: Iterable[int], epochs: int) -> Stage:
    """The stage that an epoch belongs to; restarts beyond the last epoch never come."""
    bounds = [0, *sorted(one for one in restarts if 0 < one < epochs), epochs]
    start = max(one for one in bounds[:-1] if one <= epoch)
    return Stage(start, bounds[bounds.index(start) + 1])
