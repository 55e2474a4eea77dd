"""Where a network runs, and the form in which it answers soonest."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache

import torch
from torch import Tensor, nn

from glimt.core.errors import OptionError
from glimt.core.types import Sample, ScoreMap
from glimt.inference.fuse import fold
from glimt.inference.model import Model
from glimt.inference.predict import Asking, predict_each
from glimt.networks.maps import Maps
from glimt.tasks.task import Task

DEVICES = ("auto", "cpu", "cuda")


def choose_device(name: str = "auto") -> torch.device:
    """The device of that name; `auto` takes a GPU where there is one. Raises OptionError where it is absent."""
    if name not in DEVICES:
        raise OptionError(f"no device {name!r}; known: {', '.join(DEVICES)}")
    seen = torch.cuda.is_available()
    if name == "cuda" and not seen:
        raise OptionError("device cuda was asked for, but this PyTorch sees no GPU; take auto or cpu")
    return torch.device("cuda" if seen and name != "cpu" else "cpu")


def ready(model: Model, device: torch.device) -> Model:
    """The model for prediction only: on the device, batch normalisations folded away, channels last.

    On one thread of a CPU a frame of 256x256 takes 0.6 (tiny), 0.7 (ACM) and 0.9 (MSHNet) of the time.
    """
    network = fold(model.network).to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    return replace(model, network=network)


class InBfloat16(nn.Module):
    """A network that works in bfloat16 and answers in float32: on a CPU that knows the type 0.7 of the time (ACM)."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network.bfloat16()

    def forward(self, x: Tensor) -> Maps:
        return tuple(one.float() for one in self.network(x.bfloat16()))


def quick_answers(
    network: nn.Module, task: Task, asking: Asking, precision: str
) -> Callable[[Iterable[Sample]], Iterator[ScoreMap]]:
    """`predict_each` by a copy of the network in its quickest form, made when needed."""

    @cache
    def quick() -> nn.Module:
        folded = fold(network).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        return InBfloat16(folded) if precision == "bf16" else folded

    return lambda samples: predict_each(quick(), task, samples, asking)
