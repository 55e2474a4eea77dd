"""What a network becomes when it leaves torch: from grey frames of any size to its answer, in one piece.

Sizes may be unknown when a graph is drawn. What cannot be cut or filled by a known number is then picked row by row.
"""

from collections.abc import Callable
from typing import NamedTuple, cast

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from glimt.data.statistics import Statistics
from glimt.inference.padding import MULTIPLE, pad_frame


class View(NamedTuple):
    """How frames are shown to a network, and how much of a frame one cell of its answer stands for."""

    statistics: Statistics
    pad: str
    replicas: int  # how often a single frame is shown
    cell: int = 1  # px

    def show(self, frames: Float[Tensor, "b t h w"]) -> Tensor:
        """Grey frames in [0, 1] as the network wants them."""
        shown = padded((frames - self.statistics.mean) / self.statistics.std, self.pad)
        return shown if self.replicas == 1 else shown.expand(-1, self.replicas, -1, -1)

    def cut(self, answer: Tensor, frames: Tensor) -> Tensor:
        """The part of an answer that shows the frame; a cell that shows any of it stays."""
        height, width = ((side + self.cell - 1) // self.cell for side in frames.shape[-2:])
        return first(answer, height, width)


class Whole(nn.Module):
    """The frames of a span -> the answer for the present one."""

    def __init__(self, network: nn.Module, view: View) -> None:
        super().__init__()
        self.network, self.view = network, view

    def forward(self, frames: Float[Tensor, "1 t h w"]) -> Tensor:
        return self.view.cut(self.network(self.view.show(frames))[0], frames)


class Step(nn.Module):
    """A new frame, and what was seen of the two before -> the answer for the one before it, what is seen of it."""

    def __init__(self, network: nn.Module, view: View) -> None:
        super().__init__()
        self.network, self.view = network, view

    def forward(self, frame: Tensor, past: Tensor, present: Tensor) -> tuple[Tensor, Tensor]:
        seen: Tensor = called(self.network, "features")(self.view.show(frame))
        future = first(seen, *past.shape[-2:])
        return self.view.cut(called(self.network, "fuse")(past, present, future)[0], frame), seen


def called(network: nn.Module, name: str) -> Callable[..., Tensor]:
    """A method of a network that only some have."""
    return cast("Callable[..., Tensor]", getattr(network, name))


def padded(x: Tensor, how: str) -> Tensor:
    """`pad_frame`, also for a size that is not known yet; of such, ONNX divides numbers below zero otherwise."""
    if known(*x.shape[-2:]):
        return pad_frame(x, how)
    more = MULTIPLE if how == "lesps" else MULTIPLE - 1
    height, width = ((side + more) // MULTIPLE * MULTIPLE for side in x.shape[-2:])
    if how == "reflect":
        return picked(x, to_and_fro(x.shape[-2], height), to_and_fro(x.shape[-1], width))
    return first(F.pad(x, (0, MULTIPLE, 0, MULTIPLE)), height, width)


def first(x: Tensor, height: int, width: int) -> Tensor:
    """The first rows and columns; a slice would ask whether there are as many, which of an unknown size nobody can say.

    What is picked by its number is picked unasked.
    """
    if known(height, width):
        return x[..., :height, :width]
    return picked(x, torch.arange(height), torch.arange(width))


def picked(x: Tensor, rows: Tensor, cols: Tensor) -> Tensor:
    """Rows and columns by number."""
    return x.index_select(-2, rows).index_select(-1, cols)


def to_and_fro(size: int, whole: int) -> Tensor:
    """Which of `size` pixels stands at each of `whole` places of a mirrored frame."""
    period = (2 * torch.arange(size).amax(0)).clamp(min=1)
    place = torch.arange(whole) % period
    return torch.minimum(place, period - place)


def known(*sizes: int) -> bool:
    """Whether these are numbers, and not the names of numbers."""
    return all(isinstance(size, int) for size in sizes)
