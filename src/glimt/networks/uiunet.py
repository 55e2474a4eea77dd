"""UIU-Net, a U-Net each of whose blocks is a U-Net (Wu et al., TIP 2022)."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from glimt.networks.maps import Maps
from glimt.networks.padding import any_size
from glimt.networks.uiunet_blocks import CrossAttention, SmallUnet, enlarged

WIDTHS = (64, 128, 256, 512, 512, 512)  # channels at 1, 1/2, ... 1/32 of the frame's size
MIDDLES = (32, 32, 64, 128, 256, 256)  # channels inside the encoder's small U-Nets
MIDDLES_UP = (16, 32, 64, 128, 256)  # and inside the decoder's
DILATIONS = ((1,) * 6 + (2,), (1,) * 5 + (2,), (1,) * 4 + (2,), (1,) * 3 + (2,), (1, 2, 4, 8), (1, 2, 4, 8))


class Uiunet(nn.Module):
    """(B, in_channels, H, W) -> (B, out_channels, H, W) logits; six side maps, as large as the frame.

    The main map is a convolution over the six: they are the penultimate features.
    """

    def __init__(self, in_channels: int = 1, out_channels: int = 1) -> None:
        super().__init__()
        inputs = (in_channels, *WIDTHS[:-1])
        self.down = nn.ModuleList(small(i, inputs[i], MIDDLES[i], WIDTHS[i]) for i in range(6))
        outputs = (WIDTHS[0], *WIDTHS[:4])
        self.fuse = nn.ModuleList(CrossAttention(WIDTHS[i]) for i in range(4, 0, -1))
        self.up = nn.ModuleList(small(i, 2 * WIDTHS[i], MIDDLES_UP[i], outputs[i]) for i in range(4, -1, -1))
        self.sides = nn.ModuleList(nn.Conv2d(o, out_channels, 3, padding=1) for o in (*outputs, WIDTHS[5]))
        self.head = nn.Conv2d(6 * out_channels, out_channels, 1)

    def forward(self, x: Tensor) -> Maps:
        return any_size(self.maps, x, 32)

    def maps(self, x: Tensor) -> Maps:
        """The maps of frames whose sides are multiples of 32."""
        decoded = self.decoded(self.encoded(x))
        sides = [enlarged(side(one), x) for side, one in zip(self.sides, decoded, strict=True)]
        main = self.head(torch.cat(sides, dim=1))
        return (main, *sides) if self.training else (main,)

    def encoded(self, x: Tensor) -> list[Tensor]:
        """Features at the whole, 1/2, ... 1/32 of the frame's size."""
        found: list[Tensor] = []
        for i, block in enumerate(self.down):
            x = block(F.max_pool2d(x, 2) if i else x)
            found.append(x)
        return found

    def decoded(self, encoded: list[Tensor]) -> list[Tensor]:
        """The same after the decoder, whose lowest level is the encoder's. The top level fuses without attention."""
        *skips, x = encoded
        found = [x]
        for fuse, block, skip in zip([*self.fuse, None], self.up, skips[::-1], strict=True):
            high = enlarged(found[-1], skip)
            found.append(block(fuse(high, skip) if fuse else torch.cat([high, skip], dim=1)))
        return found[::-1]


def small(level: int, inputs: int, middle: int, outputs: int) -> SmallUnet:
    """The small U-Net of a level; there is nothing left to pool on the lowest two, so they dilate instead."""
    return SmallUnet(inputs, middle, outputs, DILATIONS[level], pools=level < 4)
