"""What RPR-Net sees of one frame: a CSPDarknet that ends early, and a feature pyramid down to a quarter of its size.

The backbone is YOLOX's (Ge et al., 2021) at the depth it calls tiny, but rectified, which a CPU does sooner than SiLU.
"""

from itertools import pairwise

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from glimt.networks.blocks import conv_bn, conv_bn_relu

DEPTHS = (1, 3, 3, 1)  # bottlenecks of stages 2 to 5: a third of Darknet's 3, 9, 9, 3
LAST = 3  # the place of stage 5 among them
BASE = 64  # channels of the stem at width 1


class Bottleneck(nn.Module):
    """A narrow convolution and a wide one, added to what came in if `residual`."""

    def __init__(self, channels: int, residual: bool) -> None:
        super().__init__()
        self.body = nn.Sequential(
            *conv_bn_relu(channels, channels, 1, bias=False), *conv_bn_relu(channels, channels, bias=False)
        )
        self.residual = residual

    def forward(self, x: Tensor) -> Tensor:
        return x + self.body(x) if self.residual else self.body(x)


class CrossStage(nn.Module):
    """Half of the channels go through bottlenecks, half past them (CSPNet, Wang et al., 2020)."""

    def __init__(self, channels: int, depth: int, residual: bool = True) -> None:
        super().__init__()
        self.split = conv_bn_relu(channels, channels, 1, bias=False)
        self.through = nn.Sequential(*(Bottleneck(channels // 2, residual) for _ in range(depth)))
        self.join = conv_bn_relu(channels, channels, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        inner, past = self.split(x).chunk(2, dim=1)
        return self.join(torch.cat([self.through(inner), past], dim=1))


class Pooled(nn.Module):
    """The largest values in windows of 5, 9 and 13 beside the features themselves (spatial pyramid pooling)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.narrow = conv_bn_relu(channels, channels // 2, 1, bias=False)
        self.join = conv_bn_relu(2 * channels, channels, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        seen = [self.narrow(x)]
        for _ in range(3):  # a window of 5 over a window of 5 is one of 9
            seen.append(F.max_pool2d(seen[-1], 5, stride=1, padding=2))
        return self.join(torch.cat(seen, dim=1))


class Backbone(nn.Module):
    """(B, 1, H, W) -> features at 1/4, 1/8, ... 1/`stride` of the size, which must be a multiple of it."""

    def __init__(self, width: float, stride: int) -> None:
        super().__init__()
        base = round(BASE * width)
        self.channels = [base * 2**i for i in range(1, stride.bit_length() - 1)]
        stem = nn.Conv2d(1, base, 6, stride=2, padding=2, bias=False)  # YOLOX's focus, in one convolution
        self.stem = nn.Sequential(stem, nn.BatchNorm2d(base), nn.ReLU(inplace=True))
        widths = zip(pairwise([base, *self.channels]), DEPTHS, strict=False)
        self.stages = nn.ModuleList(stage(*one, depth, i == LAST) for i, (one, depth) in enumerate(widths))

    def forward(self, x: Float[Tensor, "b 1 h w"]) -> list[Tensor]:
        found = [self.stem(x)]
        for block in self.stages:
            found.append(block(found[-1]))
        return found[1:]


def stage(inputs: int, outputs: int, depth: int, last: bool) -> nn.Sequential:
    """Half the size, then bottlenecks; stage 5, the `last`, looks far first and adds nothing to what came in."""
    far = [Pooled(outputs)] if last else []
    return nn.Sequential(
        conv_bn_relu(inputs, outputs, stride=2, bias=False), *far, CrossStage(outputs, depth, residual=not last)
    )


class Pyramid(nn.Module):
    """Features at several sizes -> `outputs` channels at the largest (FPN, Lin et al., 2017).

    From the smallest on, what is known so far is doubled in size, added to the next and smoothed. Only the last is
    given out, so nothing is smoothed beside this way.
    """

    def __init__(self, channels: list[int], inner: int, outputs: int) -> None:
        super().__init__()
        self.lateral = nn.ModuleList(conv_bn(one, inner, 1, bias=False) for one in channels[::-1])
        ends = [inner] * (len(channels) - 1) + [outputs]
        self.smooth = nn.ModuleList(conv_bn_relu(inner, one, bias=False) for one in ends)

    def forward(self, found: list[Tensor]) -> Tensor:
        x = self.smooth[0](self.lateral[0](found[-1]))
        for lateral, smooth, one in zip(self.lateral[1:], self.smooth[1:], found[-2::-1], strict=True):
            x = smooth(lateral(one) + F.interpolate(x, scale_factor=2.0, mode="nearest"))
        return x
