"""MSHNet, a U-Net of residual blocks with attention and a head at each of four scales (Liu et al., CVPR 2024)."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from glimt.networks.maps import Maps
from glimt.networks.padding import any_size
from glimt.networks.residual import Residual, enlarged, stage

WIDTHS = (16, 32, 64, 128, 256)  # channels at 1, 1/2, 1/4, 1/8 and 1/16 of the frame's size


class Mshnet(nn.Module):
    """(B, in_channels, H, W) -> (B, out_channels, H, W) logits; four side maps at 1, 1/2, 1/4 and 1/8 of the size.

    The main map is a convolution over the four, enlarged: they are the penultimate features. The published network is
    shown a grey frame as three equal channels, 32 weights more than one channel needs.
    """

    def __init__(self, in_channels: int = 1, out_channels: int = 1) -> None:
        super().__init__()
        self.stem = nn.Conv2d(in_channels, WIDTHS[0], 1)
        self.down = nn.ModuleList([Residual(WIDTHS[0], WIDTHS[0]), *map(stage, WIDTHS[:3], WIDTHS[1:4])])
        self.middle = stage(WIDTHS[3], WIDTHS[4])
        up = [stage(i + o, o) for i, o in zip(WIDTHS[:1:-1], WIDTHS[3:0:-1], strict=True)]
        self.up = nn.ModuleList([*up, Residual(WIDTHS[1] + WIDTHS[0], WIDTHS[0])])
        self.sides = nn.ModuleList(nn.Conv2d(width, out_channels, 1) for width in WIDTHS[:4])
        self.head = nn.Conv2d(4 * out_channels, out_channels, 3, padding=1)

    def forward(self, x: Tensor) -> Maps:
        return any_size(self.maps, x, 16)

    def maps(self, x: Tensor) -> Maps:
        """The maps of frames whose sides are multiples of 16."""
        sides = [side(one) for side, one in zip(self.sides, self.decoded(x), strict=True)]
        main = self.head(torch.cat([enlarged(one, x) for one in sides], dim=1))
        return (main, *sides) if self.training else (main,)

    def decoded(self, x: Tensor) -> list[Tensor]:
        """Features at the whole, 1/2, 1/4 and 1/8 of the frame's size."""
        x, skips, found = self.stem(x), [], []
        for block in self.down:
            skips.append(block(x))
            x = F.max_pool2d(skips[-1], 2)
        x = self.middle(x)
        for block, skip in zip(self.up, skips[::-1], strict=True):
            x = block(torch.cat([skip, enlarged(x, skip)], dim=1))
            found.append(x)
        return found[::-1]
