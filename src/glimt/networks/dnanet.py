"""DNA-Net, a U-Net whose levels exchange their features at every step (Li et al., TIP 2022)."""

from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from glimt.networks.maps import Maps
from glimt.networks.padding import any_size
from glimt.networks.residual import Residual, enlarged, stage

WIDTHS = (16, 32, 64, 128, 256)  # channels at 1, 1/2, 1/4, 1/8 and 1/16 of the frame's size


class Dnanet(nn.Module):
    """(B, in_channels, H, W) -> (B, out_channels, H, W) logits; three side maps, as large as the frame.

    Level i takes 5 - i steps. After the first, a step sees the earlier ones of its level, the one before it a level
    below, and the same one a level above. The last step of each level, enlarged, makes the penultimate features.
    """

    def __init__(self, in_channels: int = 1, out_channels: int = 1) -> None:
        super().__init__()
        first = [Residual(in_channels, WIDTHS[0]), *map(stage, WIDTHS[:-1], WIDTHS[1:])]
        self.first = nn.ModuleList(first)
        self.later = nn.ModuleList(map(Step, range(1, len(WIDTHS))))
        self.narrow = nn.ModuleList(nn.Conv2d(width, WIDTHS[0], 1) for width in WIDTHS[1:])
        self.fuse = Residual(len(WIDTHS) * WIDTHS[0], WIDTHS[0])
        self.sides = nn.ModuleList(nn.Conv2d(WIDTHS[0], out_channels, 1) for _ in range(3))
        self.head = nn.Conv2d(WIDTHS[0], out_channels, 1)

    def forward(self, x: Tensor) -> Maps:
        return any_size(self.maps, x, 16)

    def maps(self, x: Tensor) -> Maps:
        """The maps of frames whose sides are multiples of 16."""
        levels = self.levels(x)
        whole, *deeper = (level[-1] for level in levels)
        larger = [enlarged(narrow(one), whole) for narrow, one in zip(self.narrow, deeper, strict=True)]
        main = self.head(self.fuse(torch.cat([*larger[::-1], whole], dim=1)))
        if not self.training:
            return (main,)
        return (main, *(side(one) for side, one in zip(self.sides, levels[0][1:-1], strict=True)))

    def levels(self, x: Tensor) -> list[list[Tensor]]:
        """Features of every step, a list for each level; level i is 2**i times smaller than the frame."""
        levels: list[list[Tensor]] = []
        for i, block in enumerate(self.first):
            x = block(F.max_pool2d(x, 2) if i else x)
            levels.append([x])
        for step in self.later:
            levels = step(levels)
        return levels


class Step(nn.Module):
    """Features of every step so far, a list for each level -> the same and one step more, but on the deepest levels."""

    def __init__(self, step: int) -> None:
        super().__init__()
        inputs = [step * width + below for width, below in pairwise(WIDTHS)]
        deeper = [stage(inputs[i] + WIDTHS[i - 1], WIDTHS[i]) for i in range(1, len(WIDTHS) - step)]
        self.blocks = nn.ModuleList([Residual(inputs[0], WIDTHS[0]), *deeper])

    def forward(self, levels: list[list[Tensor]]) -> list[list[Tensor]]:
        made: list[Tensor] = []
        for block, level, below in zip(self.blocks, levels, levels[1:], strict=False):
            above = [shrunk(made[-1])] if made else []
            made.append(block(torch.cat([*level, enlarged(below[-1], level[0]), *above], dim=1)))
        longer = [[*level, one] for level, one in zip(levels, made, strict=False)]
        return [*longer, *levels[len(made) :]]


def shrunk(x: Tensor) -> Tensor:
    """Features at half their size, interpolated: pooled, the published count of operations would not come out."""
    return F.interpolate(x, scale_factor=0.5, mode="bilinear", align_corners=True)
