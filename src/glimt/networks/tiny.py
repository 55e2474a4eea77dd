"""Tiny: a plain U-Net of 8, 16, 32 and 64 channels that starts at full resolution; the choice for a CPU.

After three minutes of training on two cores it stands beside ACM's published IoU on SIRST.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from glimt.networks.blocks import conv_bn_relu
from glimt.networks.maps import Maps
from glimt.networks.padding import any_size


class Tiny(nn.Module):
    """(B, in_channels, H, W) -> (B, out_channels, H, W) logits; no side maps."""

    def __init__(self, in_channels: int = 1, out_channels: int = 1, width: int = 8) -> None:
        super().__init__()
        widths = [width, 2 * width, 4 * width, 8 * width]
        self.down = nn.ModuleList(double(i, o) for i, o in zip([in_channels, *widths], widths, strict=False))
        self.up = nn.ModuleList(double(i + o, o) for i, o in zip(widths[:0:-1], widths[-2::-1], strict=True))
        self.head = nn.Conv2d(width, out_channels, 1)
        self.sides = nn.ModuleList()

    def forward(self, x: Tensor) -> Maps:
        return any_size(self.maps, x, 8)

    def maps(self, x: Tensor) -> Maps:
        """The maps of frames whose sides are multiples of 8."""
        kept = []
        for i, block in enumerate(self.down):
            x = block(F.max_pool2d(x, 2) if i else x)
            kept.append(x)
        for block, skip in zip(self.up, kept[-2::-1], strict=True):
            x = F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)
            x = block(torch.cat([skip, x], dim=1))
        return (self.head(x),)


def double(inputs: int, outputs: int) -> nn.Sequential:
    """Two convolutions."""
    return nn.Sequential(conv_bn_relu(inputs, outputs, bias=False), conv_bn_relu(outputs, outputs, bias=False))
