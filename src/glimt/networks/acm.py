"""ACM, asymmetric contextual modulation (Dai et al., WACV 2021): the U-Net form, as LESPS trains it.

The map is made at a quarter of the frame's size and enlarged.
"""

import torch.nn.functional as F
from torch import Tensor, nn

from glimt.networks.acm_blocks import AsymmetricFusion, before_head, doubled, stage, stem
from glimt.networks.maps import Maps
from glimt.networks.padding import any_size


class Acm(nn.Module):
    """(B, in_channels, H, W) -> (B, out_channels, H, W) logits; no side maps."""

    def __init__(self, in_channels: int = 1, out_channels: int = 1) -> None:
        super().__init__()
        self.stem = stem(in_channels, 16)
        self.down = nn.ModuleList([stage(16, 16, 3), stage(16, 32, 3, stride=2), stage(32, 64, 3, stride=2)])
        self.larger = nn.ModuleList([doubled(64, 32), doubled(32, 16)])
        self.fuse = nn.ModuleList([AsymmetricFusion(32), AsymmetricFusion(16)])
        self.up = nn.ModuleList([stage(32, 32, 3), stage(16, 16, 3)])
        self.before_head = before_head(16)
        self.head = nn.Conv2d(4, out_channels, 1)
        self.sides = nn.ModuleList()

    def forward(self, x: Tensor) -> Maps:
        return any_size(self.maps, x, 16)

    def maps(self, x: Tensor) -> Maps:
        """The maps of frames whose sides are multiples of 16."""
        lows = [self.stem(x)]
        for block in self.down:
            lows.append(block(lows[-1]))
        high = lows.pop()
        for larger, fuse, up, low in zip(self.larger, self.fuse, self.up, lows[:0:-1], strict=True):
            high = up(fuse(larger(high), low))
        logits = self.head(self.before_head(high))
        return (F.interpolate(logits, scale_factor=4.0, mode="bilinear", align_corners=False),)
