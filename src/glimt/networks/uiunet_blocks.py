"""What UIU-Net is made of: small U-Nets with a way past them, and the attention between an encoder and a decoder."""

from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from glimt.networks.attention import SpatialAttention
from glimt.networks.blocks import conv_bn_relu
from glimt.networks.weigher import weigher


class SmallUnet(nn.Module):
    """RSU: a U-Net added to its own first convolution (U2-Net, Qin et al., Pattern Recognition 2020).

    It has a level for each of `dilations`. With `pools`, each level but the first and the last halves the size.
    """

    def __init__(self, inputs: int, middle: int, outputs: int, dilations: tuple[int, ...], pools: bool) -> None:
        super().__init__()
        self.pools = pools
        *others, last = dilations
        self.first = dilated(inputs, outputs, 1)
        widths = pairwise([outputs, *(middle for _ in others)])
        self.down = nn.ModuleList(dilated(i, o, d) for (i, o), d in zip(widths, others, strict=True))
        self.bottom = dilated(middle, middle, last)
        widths = [*(middle for _ in others[1:]), outputs]
        self.up = nn.ModuleList(dilated(2 * middle, o, d) for o, d in zip(widths, others[::-1], strict=True))

    def forward(self, x: Tensor) -> Tensor:
        x = start = self.first(x)
        skips: list[Tensor] = []
        for block in self.down:
            skips.append(block(F.max_pool2d(x, 2) if self.pools and skips else x))
            x = skips[-1]
        x = self.bottom(x)
        for block, skip in zip(self.up, skips[::-1], strict=True):
            x = block(torch.cat([enlarged(x, skip), skip], dim=1))
        return x + start


class CrossAttention(nn.Module):
    """IC-A: low-level and high-level features, each weighed by the other, one after the other in the channels.

    The frame's mean high-level feature says which channels of the low-level ones count; the low-level ones so weighed
    say which places of the high-level ones count. One convolution serves both, as the published operations imply.
    """

    def __init__(self, channels: int, ratio: int = 4) -> None:
        super().__init__()
        self.high = conv_bn_relu(channels, channels, 1)
        self.down = weigher(channels, ratio)
        self.up = conv_bn_relu(channels, channels // ratio, 1)
        self.places = SpatialAttention(3)
        self.after = conv_bn_relu(channels, channels)

    def forward(self, high: Tensor, low: Tensor) -> Tensor:
        high = self.high(high)
        low = low * self.down(high.mean((2, 3), keepdim=True))
        high = high * self.places.weights(self.up(low))
        both = [self.after(2 * one) for one in (low, high)]  # doubled, as a weight starts out near a half
        return torch.cat(both, dim=1)


def dilated(inputs: int, outputs: int, dilation: int) -> nn.Sequential:
    """A 3x3 convolution that keeps the size, normalised and rectified."""
    conv = nn.Conv2d(inputs, outputs, 3, padding=dilation, dilation=dilation)
    return nn.Sequential(conv, nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


def enlarged(x: Tensor, like: Tensor) -> Tensor:
    """Features at the size of others."""
    return F.interpolate(x, size=like.shape[2:], mode="bilinear", align_corners=False)
