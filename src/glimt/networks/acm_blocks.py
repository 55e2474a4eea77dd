"""What ACM and both forms of ALCNet are made of: a stem, residual blocks, the asymmetric fusion and a small head."""

import torch.nn.functional as F
from torch import Tensor, nn

from glimt.networks.blocks import conv_bn, conv_bn_relu
from glimt.networks.weigher import weigher


class Residual(nn.Module):
    """Two convolutions beside a way past them, which is itself a convolution where the shape changes."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        super().__init__()
        self.body = nn.Sequential(
            conv_bn_relu(inputs, outputs, stride=stride, bias=False), conv_bn(outputs, outputs, bias=False)
        )
        same = inputs == outputs and stride == 1
        self.past = nn.Identity() if same else conv_bn(inputs, outputs, 1, stride, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.body(x) + self.past(x), inplace=True)


class AsymmetricFusion(nn.Module):
    """High-level and low-level features, each weighed by the other (ACM, section 3.3).

    Downwards the frame's mean high-level feature says which channels of the low-level one count; upwards each pixel's
    low-level feature says which channels of the high-level one count.
    """

    def __init__(self, channels: int, ratio: int = 4) -> None:
        super().__init__()
        self.down = weigher(channels, ratio)
        self.up = weigher(channels, ratio)
        self.after = conv_bn_relu(channels, channels)

    def forward(self, high: Tensor, low: Tensor) -> Tensor:
        down = self.down(high.mean((2, 3), keepdim=True))
        return self.after(2 * low * down + 2 * high * self.up(low))


def stem(inputs: int, outputs: int) -> nn.Sequential:
    """The frame at a quarter of its size."""
    return nn.Sequential(
        nn.BatchNorm2d(inputs),
        conv_bn_relu(inputs, outputs // 2, stride=2, bias=False),
        conv_bn_relu(outputs // 2, outputs // 2, bias=False),
        conv_bn_relu(outputs // 2, outputs, bias=False),
        nn.MaxPool2d(3, 2, 1),
    )


def stage(inputs: int, outputs: int, blocks: int, stride: int = 1) -> nn.Sequential:
    """Residual blocks, the first of which changes the shape."""
    return nn.Sequential(Residual(inputs, outputs, stride), *(Residual(outputs, outputs) for _ in range(blocks - 1)))


def doubled(inputs: int, outputs: int) -> nn.ConvTranspose2d:
    """Features at twice their size."""
    return nn.ConvTranspose2d(inputs, outputs, 4, 2, 1)


def before_head(channels: int) -> nn.Sequential:
    """The penultimate features: a quarter of the channels."""
    return nn.Sequential(conv_bn_relu(channels, channels // 4, bias=False), nn.Dropout(0.1))
