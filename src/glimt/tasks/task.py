"""A task is what a network is asked: what it is shown, what it should answer, how its answer is read.

Training, prediction, evaluation and export all see a network through its task, and a checkpoint
carries the task's name.
"""

from collections.abc import Callable
from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from glimt.core.types import Sample, ScoreMap
from glimt.networks.maps import Maps


@dataclass(frozen=True)
class Task:
    """Four functions; each is useful and testable alone."""

    inputs: Callable[[Sample], Float[Tensor, "c h w"]]
    target: Callable[[Sample], Float[Tensor, "k h w"]]
    loss: Callable[[Maps, Tensor, float], Tensor]  # the float is the progress of the training in [0, 1]
    decode: Callable[[Maps, Sample], ScoreMap]
