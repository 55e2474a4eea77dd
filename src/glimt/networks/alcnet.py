"""ALCNet, attentional local contrast network (Dai et al., TGRS 2021).

A residual network that starts at full resolution; what each stage sees is turned into how far a pixel stands out from
both its sides, before small details and wide context are brought together.
"""

from functools import reduce

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from glimt.networks.acm_blocks import before_head, stage
from glimt.networks.blocks import conv_bn, conv_bn_relu
from glimt.networks.maps import Maps
from glimt.networks.padding import any_size
from glimt.networks.weigher import weigher

WIDTHS = (16, 32, 64)  # channels of the three stages
SHARED = WIDTHS[0]  # channels in which the stages are brought together


class Alcnet(nn.Module):
    """(B, in_channels, H, W) -> (B, out_channels, H, W) logits; no side maps.

    `dilation` is how far away, in pixels of each stage's own map, the neighbours are that a pixel is compared with.
    """

    def __init__(self, in_channels: int = 1, out_channels: int = 1, dilation: int = 13) -> None:
        super().__init__()
        if dilation < 1:
            raise ValueError(f"dilation must be at least 1, got {dilation}")
        self.dilation = dilation
        self.stem = nn.Sequential(nn.BatchNorm2d(in_channels), conv_bn_relu(in_channels, SHARED, bias=False))
        self.down = nn.ModuleList([stage(16, 16, 4), stage(16, 32, 4, stride=2), stage(32, 64, 4, stride=2)])
        self.side_in = nn.ModuleList(conv_bn(width, SHARED, 1, bias=False) for width in WIDTHS)
        self.modulate = nn.ModuleList(weigher(SHARED, 4) for _ in WIDTHS[1:])
        self.before_head = before_head(SHARED)
        self.head = nn.Conv2d(SHARED // 4, out_channels, 1)
        self.sides = nn.ModuleList()

    def forward(self, x: Tensor) -> Maps:
        return any_size(self.maps, x, 4)

    def maps(self, x: Tensor) -> Maps:
        """The maps of frames whose sides are multiples of 4."""
        x = self.stem(x)
        seen = []
        for block, side_in in zip(self.down, self.side_in, strict=True):
            x = block(x)
            seen.append(F.relu(side_in(local_contrast(x, self.dilation))))
        high = seen.pop()
        for modulate, low in zip(self.modulate, seen[::-1], strict=True):
            high = F.interpolate(high, scale_factor=2.0, mode="bilinear", align_corners=False)
            high = low + modulate(low) * high  # bottom-up: what is small says where the wide context counts
        return (self.head(self.before_head(high)),)


def local_contrast(x: Float[Tensor, "b c h w"], dilation: int) -> Float[Tensor, "b c h w"]:
    """How far each value stands out from the two neighbours that face each other, in the worst of four directions.

    The dilated local contrast of the paper: the least product of the two differences. Neighbours beyond the edge are
    those of the opposite edge (the cyclic shift), so that no loop over pixels is needed.
    """
    ways = ((0, dilation), (dilation, dilation), (dilation, 0), (dilation, -dilation))
    return reduce(torch.minimum, (opposed(x, rows, cols) for rows, cols in ways))


def opposed(x: Tensor, rows: int, cols: int) -> Tensor:
    """The product of the differences to the neighbours on this side and on the other one."""
    return (x - x.roll((rows, cols), (2, 3))) * (x - x.roll((-rows, -cols), (2, 3)))
