"""RPR-Net, radius-aware point regression from three frames (paper 001, section III-B).

What one frame costs is kept apart from what three cost together, so that in a stream each frame is looked at once.
"""

import math
from typing import Literal, TypeAlias

import torch
from jaxtyping import Float
from torch import Tensor, nn

from glimt.networks.attention import SpatialAttention
from glimt.networks.blocks import conv_bn_relu
from glimt.networks.maps import Maps
from glimt.networks.padding import any_size
from glimt.networks.rprnet_blocks import Backbone, Pyramid
from glimt.networks.rprnet_temporal import Concatenation, Temporal

How: TypeAlias = Literal["attention", "nogate", "concat", "single"]

INNER = 128  # channels of the pyramid; with those below about 1.55 M parameters, 13.28 G multiply-adds, as printed
CHANNELS = 32  # of the features of a frame
NARROW = 16  # of a head
PRIOR = 0.1  # belief in a centre before anything is learnt


class Rprnet(nn.Module):
    """(B, 3, H, W), the past, present and future frame -> (B, 4, ceil(H / 4), ceil(W / 4)).

    A cell of 4 x 4 pixels of the present frame says: the logit of a target's centre, the centre's (row, col) within it
    in cells, the target's radius in pixels. The last three are as regressed, of any sign. `temporal` is how the frames
    are joined; "single" sees one frame, (B, 1, H, W).
    """

    def __init__(
        self,
        in_channels: int | None = None,
        width: float = 0.5,
        stride: Literal[16, 32] = 16,
        temporal: How = "attention",
    ) -> None:
        super().__init__()
        self.frames = 1 if temporal == "single" else 3
        if in_channels not in (None, self.frames):
            raise ValueError(f"in_channels must be {self.frames} with temporal {temporal!r}, got {in_channels}")
        if not 0 < width <= 4:
            raise ValueError(f"width must lie in (0, 4], got {width}")
        self.stride = stride
        self.backbone = Backbone(width, stride)
        self.pyramid = Pyramid(self.backbone.channels, INNER, CHANNELS)
        self.temporal = joined(CHANNELS, temporal)
        self.attention = SpatialAttention()
        self.heatmap, self.offset, self.radius = head(1, math.log(PRIOR / (1 - PRIOR))), head(2), head(1)

    def forward(self, x: Float[Tensor, "b t h w"]) -> Maps:
        if x.shape[1] != self.frames:
            raise ValueError(f"expected {self.frames} frames as channels, got {x.shape[1]}")
        return self.fuse(*self.apart(x))

    def apart(self, x: Tensor) -> tuple[Tensor, ...]:
        """The features of each frame; one at a time unless training, to the bit what a stream holds."""
        if self.training:
            found = self.features(x.flatten(0, 1)[:, None])
            return found.unflatten(0, (-1, self.frames)).unbind(1)
        return tuple(self.features(frame) for frame in x.split(1, dim=1))

    def features(self, frame: Float[Tensor, "b 1 h w"]) -> Float[Tensor, "b c h4 w4"]:
        """What is seen of one frame, at a quarter of its size, rounded up."""
        return any_size(lambda x: (self.pyramid(self.backbone(x)),), frame, self.stride)[0]

    def fuse(self, *seen: Float[Tensor, "b c h4 w4"]) -> Maps:
        """The answer for the present frame from the features of the past, the present and the future one."""
        x = self.attention(self.temporal(*seen))
        return (torch.cat([self.heatmap(x), self.offset(x), self.radius(x)], dim=1),)


def joined(channels: int, temporal: How) -> nn.Module:
    """What makes one frame's features of several."""
    if temporal == "single":
        return nn.Identity()
    return Concatenation(channels) if temporal == "concat" else Temporal(channels, gated=temporal == "attention")


def head(outputs: int, start: float = 0.0) -> nn.Sequential:
    """What is said of a cell, from it and its neighbours; at first near `start`."""
    last = nn.Conv2d(NARROW, outputs, 1)
    assert last.bias is not None
    nn.init.constant_(last.bias, start)
    return nn.Sequential(*conv_bn_relu(CHANNELS, NARROW, bias=False), last)
