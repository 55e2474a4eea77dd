"""U-Net, an encoder and a decoder joined level by level (Ronneberger et al., MICCAI 2015).

As the field trains it: with batch normalisation, convolutions that keep the size, and an interpolation followed by a
3x3 convolution where the paper has a transposed one of 2x2.
"""

from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from glimt.networks.blocks import conv_bn_relu
from glimt.networks.maps import Maps
from glimt.networks.padding import any_size

WIDTHS = (64, 128, 256, 512, 1024)  # channels at 1, 1/2, 1/4, 1/8 and 1/16 of the frame's size


class Unet(nn.Module):
    """(B, in_channels, H, W) -> (B, out_channels, H, W) logits; no side maps."""

    def __init__(self, in_channels: int = 1, out_channels: int = 1) -> None:
        super().__init__()
        self.down = nn.ModuleList(double(i, o) for i, o in pairwise((in_channels, *WIDTHS)))
        upwards = list(pairwise(WIDTHS[::-1]))
        self.enlarge = nn.ModuleList(conv_bn_relu(i, o) for i, o in upwards)
        self.up = nn.ModuleList(double(2 * o, o) for _, o in upwards)
        self.head = nn.Conv2d(WIDTHS[0], out_channels, 1)
        self.sides = nn.ModuleList()

    def forward(self, x: Tensor) -> Maps:
        return any_size(self.maps, x, 16)

    def maps(self, x: Tensor) -> Maps:
        """The maps of frames whose sides are multiples of 16."""
        *skips, x = self.encoded(x)
        for enlarge, block, skip in zip(self.enlarge, self.up, skips[::-1], strict=True):
            x = enlarge(F.interpolate(x, scale_factor=2.0, mode="nearest"))
            x = block(torch.cat([skip, x], dim=1))
        return (self.head(x),)

    def encoded(self, x: Tensor) -> list[Tensor]:
        """Features at the whole, 1/2, 1/4, 1/8 and 1/16 of the frame's size."""
        found: list[Tensor] = []
        for i, block in enumerate(self.down):
            x = block(F.max_pool2d(x, 2) if i else x)
            found.append(x)
        return found


def double(inputs: int, outputs: int) -> nn.Sequential:
    """Two convolutions."""
    return nn.Sequential(conv_bn_relu(inputs, outputs), conv_bn_relu(outputs, outputs))
