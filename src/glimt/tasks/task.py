"""A task is what a network is asked: what it is shown, what it should answer, how its answer is read.

Training, prediction, evaluation and export all see a network through its task, and a checkpoint
carries the task's name.
"""

from collections.abc import Callable
from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor, nn

from glimt.core.spots import Located
from glimt.core.types import Sample, ScoreMap
from glimt.data.sequences import Span
from glimt.networks.maps import Maps

Find = Callable[[Maps, Sample, float], Located]


def as_it_is(network: nn.Module) -> nn.Module:
    """The network."""
    return network


def as_answered(score: ScoreMap, sample: Sample) -> ScoreMap:
    """The score map."""
    return score


@dataclass(frozen=True)
class Task:
    """Functions, each useful and testable alone, and what must be known of them."""

    inputs: Callable[[Sample], Float[Tensor, "c h w"]]
    target: Callable[[Sample], Float[Tensor, "k h w"]]
    loss: Callable[[Maps, Tensor, float], Tensor]  # the float is the progress of the training in [0, 1]
    decode: Callable[[Maps, Sample], ScoreMap]  # of what was asked: a frame, a tile of it, a view of either
    finish: Callable[[ScoreMap, Sample], ScoreMap] = as_answered  # of the whole frame, once all of it is answered
    adapt: Callable[[nn.Module], nn.Module] = as_it_is  # what it makes of a network before anything is learnt
    channels: int = 1  # of `inputs`
    needs_points: bool = False  # a sample without points then means a frame without targets
    find: Find | None = None  # of a task that answers with places: what is above a threshold
    span: Span = (0, 0)  # how many frames before its own a sample holds, and how many behind it
