"""SCTransNet, a spatial-channel cross transformer in the skip connections of a U-Net (Yuan et al., TGRS 2024)."""

from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from glimt.networks.blocks import conv_bn, conv_bn_relu
from glimt.networks.maps import Maps
from glimt.networks.padding import any_size
from glimt.networks.sctransnet_blocks import CrossTransformer

PATCHES = (16, 8, 4, 2)  # of the four scales that have a skip connection


class Sctransnet(nn.Module):
    """(B, in_channels, H, W) -> (B, out_channels, H, W) logits; five side maps of full size.

    They come from the decoder at 1/16, 1/8, 1/4 and 1/2 of the size, and from a convolution over those and the main
    map. The published network has 122,944 more parameters, on which no map depends: position embeddings that are never
    added, and 16 numbers in each block.
    """

    def __init__(self, in_channels: int = 1, out_channels: int = 1, width: int = 32) -> None:
        super().__init__()
        widths = (width, 2 * width, 4 * width, 8 * width)
        ends = (8 * width, 4 * width, 2 * width, width, width)  # of the decoder, the coarsest first
        self.down = nn.ModuleList(map(Residual, (in_channels, *widths), (*widths, 8 * width)))
        self.cross = CrossTransformer(widths, PATCHES)
        self.gates = nn.ModuleList(map(Gate, widths[::-1]))
        self.up = nn.ModuleList(double(2 * i, o) for i, o in pairwise(ends))
        self.head = nn.Conv2d(width, out_channels, 1)
        sides = [nn.Conv2d(i, out_channels, 1) for i in ends[:-1]]
        self.sides = nn.ModuleList([*sides, nn.Conv2d(5 * out_channels, out_channels, 1)])

    def forward(self, x: Tensor) -> Maps:
        return any_size(self.maps, x, 16)

    def maps(self, x: Tensor) -> Maps:
        """The maps of frames whose sides are multiples of 16."""
        decoded = self.decoded(x)
        main = self.head(decoded.pop())
        if not self.training:
            return (main,)
        sides = [
            F.interpolate(side(high), size=x.shape[2:], mode="bilinear", align_corners=True)
            for side, high in zip(self.sides, decoded, strict=False)
        ]
        return main, *sides, self.sides[-1](torch.cat([*sides[::-1], main], dim=1))

    def decoded(self, x: Tensor) -> list[Tensor]:
        """Features at 1/16, 1/8, 1/4, 1/2 and the whole of the frame's size."""
        scales = []
        for i, block in enumerate(self.down):
            x = block(F.max_pool2d(x, 2) if i else x)
            scales.append(x)
        found = [scales.pop()]
        for skip, gate, up in zip(self.cross(scales)[::-1], self.gates, self.up, strict=True):
            high = F.interpolate(found[-1], scale_factor=2.0)
            found.append(up(torch.cat([gate(skip, high), high], dim=1)))
        return found


class Residual(nn.Module):
    """Two convolutions beside a way past them, which is itself a convolution where the channels change."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        leaky = nn.LeakyReLU(inplace=True)
        self.body = nn.Sequential(*conv_bn(inputs, outputs), leaky, *conv_bn(outputs, outputs))
        self.past = nn.Identity() if inputs == outputs else conv_bn(inputs, outputs, 1)

    def forward(self, x: Tensor) -> Tensor:
        return F.leaky_relu(self.body(x) + self.past(x), inplace=True)


class Gate(nn.Module):
    """Channels of a skip connection, weighed by its mean and by that of the decoder's features."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.of_skip = nn.Linear(channels, channels)
        self.of_high = nn.Linear(channels, channels)

    def forward(self, skip: Tensor, high: Tensor) -> Tensor:
        weights = (self.of_skip(skip.mean((2, 3))) + self.of_high(high.mean((2, 3)))) / 2
        return F.relu(skip * weights.sigmoid()[..., None, None])


def double(inputs: int, outputs: int) -> nn.Sequential:
    """Two convolutions."""
    return nn.Sequential(conv_bn_relu(inputs, outputs), conv_bn_relu(outputs, outputs))
