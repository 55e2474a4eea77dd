"""The network that LESPS calls ALCNet: deeper than ACM, without ALCNet's local contrast.

The published weights of that name are of this one. For the network of the paper see `glimt.networks.alcnet`.
"""

import torch.nn.functional as F
from torch import Tensor, nn

from glimt.networks.acm_blocks import AsymmetricFusion, before_head, doubled, stage, stem
from glimt.networks.maps import Maps
from glimt.networks.padding import any_size


class AlcnetLesps(nn.Module):
    """(B, in_channels, H, W) -> (B, out_channels, H, W) logits; no side maps.

    `unused` are stages that the published files hold and no map depends on; they count in the published size.
    """

    def __init__(self, in_channels: int = 1, out_channels: int = 1) -> None:
        super().__init__()
        self.stem = stem(in_channels, 16)
        self.down = nn.ModuleList([stage(16, 16, 4), stage(16, 32, 4, stride=2), stage(32, 64, 4, stride=2)])
        self.larger = nn.ModuleList([doubled(64, 32), doubled(32, 16)])
        self.fuse = nn.ModuleList([AsymmetricFusion(32), AsymmetricFusion(16)])
        self.enlarge = doubled(16, 8)
        self.unused = nn.ModuleList([stage(32, 32, 4), stage(16, 16, 4)])
        self.before_head = before_head(8)
        self.head = nn.Conv2d(2, out_channels, 1)
        self.sides = nn.ModuleList()

    def forward(self, x: Tensor) -> Maps:
        return any_size(self.maps, x, 16)

    def maps(self, x: Tensor) -> Maps:
        """The maps of frames whose sides are multiples of 16."""
        lows = [self.stem(x)]
        for block in self.down:
            lows.append(block(lows[-1]))
        high = lows.pop()
        for larger, fuse, low in zip(self.larger, self.fuse, lows[:0:-1], strict=True):
            high = fuse(larger(high), low)
        logits = self.head(self.before_head(self.enlarge(high)))
        return (F.interpolate(logits, scale_factor=2.0, mode="bilinear", align_corners=False),)
