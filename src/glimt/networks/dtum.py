"""DTUM, direction-coded temporal U-shape module (Li et al., TNNLS 2023), behind the residual U-Net of its authors.

Each frame is looked at alone; then the module follows each place through time. It agrees with what is known of the
published network in parameters, values and multiply-adds, but where that says nothing it is a reading of the paper.
"""

from itertools import pairwise

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from glimt.networks.blocks import conv_bn, conv_bn_relu
from glimt.networks.dtum_blocks import CHANNELS, Temporal
from glimt.networks.maps import Maps
from glimt.networks.padding import any_size
from glimt.networks.residual import enlarged

WIDTHS = (8, 16, 32, 64)  # channels at 1, 1/2, 1/4 and 1/8 of the frame's size
REPLICAS = 3  # a grey frame is shown as colours


class Dtum(nn.Module):
    """(B, in_channels, H, W), grey frames with the oldest first -> (B, out_channels, H, W) logits of the last one.

    With `detach`, as published, the smaller levels of the temporal module are never taught and stay at random.
    """

    def __init__(self, in_channels: int = 5, out_channels: int = 1, detach: bool = True) -> None:
        super().__init__()
        self.frames = in_channels
        self.frame = FrameUnet()
        self.temporal = Temporal(in_channels, detach)
        self.join = conv_bn_relu(2 * CHANNELS, CHANNELS)
        self.head = nn.Conv2d(CHANNELS, out_channels, 1)
        self.sides = nn.ModuleList()

    def forward(self, x: Float[Tensor, "b t h w"]) -> Maps:
        if x.shape[1] != self.frames:
            raise ValueError(f"expected {self.frames} frames as channels, got {x.shape[1]}")
        return any_size(self.maps, x, 8)

    def maps(self, x: Float[Tensor, "b t h w"]) -> Maps:
        """The map of frames whose sides are multiples of 8."""
        seen = self.frame(x.flatten(0, 1)[:, None].expand(-1, REPLICAS, -1, -1))
        seen = seen.unflatten(0, x.shape[:2]).transpose(1, 2)  # (B, C, T, H, W)
        return (self.head(self.join(torch.cat([seen[:, :, -1], self.temporal(seen)], dim=1))),)


class FrameUnet(nn.Module):
    """What is seen of one frame: a residual U-Net of four levels, its answer normalised to be compared in time."""

    def __init__(self) -> None:
        super().__init__()
        down = [Residual(REPLICAS, WIDTHS[0])]
        down += [nn.Sequential(Residual(i, o), Residual(o, o)) for i, o in pairwise(WIDTHS)]
        self.down = nn.ModuleList(down)
        self.up = nn.ModuleList(Residual(i + o, o) for i, o in pairwise(WIDTHS[::-1]))
        self.last = conv_bn(WIDTHS[0], CHANNELS, 1)

    def forward(self, x: Float[Tensor, "n 3 h w"]) -> Float[Tensor, "n c h w"]:
        found = [self.down[0](x)]
        for block in self.down[1:]:
            found.append(block(F.max_pool2d(found[-1], 2)))
        x = found.pop()
        for block, one in zip(self.up, found[::-1], strict=True):
            x = block(torch.cat([one, enlarged(x, one)], dim=1))
        return self.last(x)


class Residual(nn.Module):
    """Two convolutions beside a way past them, which is itself a convolution where the channels change."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.body = nn.Sequential(*conv_bn_relu(inputs, outputs), *conv_bn(outputs, outputs))
        self.past = nn.Identity() if inputs == outputs else conv_bn(inputs, outputs, 1)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.body(x) + self.past(x), inplace=True)
