"""DTUM's temporal module: where in its cell of 2 x 2 the largest value stands, frame after frame, tells a direction.

Time and all places of a frame are taken as the two sides of one image, so that a convolution over time is a plain one.
"""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from glimt.networks.residual import enlarged

CHANNELS = 32
CODES = (-1.5, -0.5, 0.5, 1.5)  # of the places in a cell: top left, top right, bottom left, bottom right
SPAN = 5  # frames a convolution over time looks at


class Temporal(nn.Module):
    """What moved up to the last frame, seen at four sizes in the shape of a U; below the largest all is `deep`."""

    def __init__(self, frames: int, detach: bool) -> None:
        super().__init__()
        self.first = over_time(CHANNELS)
        self.deep = Deep()
        self.last = over_time(2 * CHANNELS, frames, padding=0)
        self.detach = detach

    def forward(self, x: Float[Tensor, "b c t h w"]) -> Float[Tensor, "b c h w"]:
        near = F.relu(along(self.first, x))
        far = self.deep(near)
        both = beside(near, far.detach() if self.detach else far)
        return F.relu(along(self.last, both)[:, :, 0])


class Deep(nn.Module):
    """The three smaller sizes; their answer is half as large as what comes in."""

    def __init__(self) -> None:
        super().__init__()
        self.down = nn.ModuleList(over_time(CHANNELS) for _ in range(3))
        self.up = nn.ModuleList(over_time(2 * CHANNELS) for _ in range(2))

    def forward(self, x: Float[Tensor, "b c t h w"]) -> Float[Tensor, "b c t h2 w2"]:
        found = [x]
        for block in self.down:  # what changes place counts, whichever way it goes
            found.append(along(block, coded(found[-1])).abs())
        far = found[-1]
        for block, near in zip(self.up, found[-2:0:-1], strict=True):
            far = F.relu(along(block, beside(near, far)))
        return far


def over_time(inputs: int, frames: int = SPAN, padding: int = SPAN // 2) -> nn.Sequential:
    """A convolution over the rows of (B, C, T, H W), which are the moments of each place, and its normalisation."""
    conv = nn.Conv2d(inputs, CHANNELS, (frames, 1), padding=(padding, 0))
    return nn.Sequential(conv, nn.BatchNorm2d(CHANNELS))


def along(block: nn.Module, x: Float[Tensor, "b c t h w"]) -> Float[Tensor, "b d s h w"]:
    """Each place by itself through `block`, which is made by `over_time`."""
    return block(x.flatten(3)).unflatten(3, x.shape[3:])


def coded(x: Float[Tensor, "b c t h w"]) -> Float[Tensor, "b c t h2 w2"]:
    """The largest value of each cell of 2 x 2 times the code of the place it stands in."""
    most, at = F.max_pool2d(x.flatten(1, 2), 2, return_indices=True)
    width = x.shape[4]
    place = at // width % 2 * 2 + at % width % 2
    return (most * x.new_tensor(CODES)[place]).unflatten(1, x.shape[1:3])


def beside(near: Float[Tensor, "b c t h w"], far: Float[Tensor, "b c t h2 w2"]) -> Float[Tensor, "b d t h w"]:
    """Both, the smaller one enlarged."""
    larger = enlarged(far.flatten(1, 2), near.flatten(1, 2)).unflatten(1, far.shape[1:3])
    return torch.cat([near, larger], dim=1)
