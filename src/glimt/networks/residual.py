"""Residual blocks with attention, which DNA-Net and MSHNet are made of."""

import torch.nn.functional as F
from torch import Tensor, nn

from glimt.networks.attention import ChannelAttention, SpatialAttention
from glimt.networks.blocks import conv_bn, conv_bn_relu


class Residual(nn.Module):
    """Two convolutions, weighed by channel and by place, beside a way past them."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            *conv_bn_relu(inputs, outputs), *conv_bn(outputs, outputs), ChannelAttention(outputs), SpatialAttention()
        )
        self.past = nn.Identity() if inputs == outputs else conv_bn(inputs, outputs, 1)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.body(x) + self.past(x), inplace=True)


def stage(inputs: int, outputs: int) -> nn.Sequential:
    """Two residual blocks, the first of which changes the channels."""
    return nn.Sequential(Residual(inputs, outputs), Residual(outputs, outputs))


def enlarged(x: Tensor, like: Tensor) -> Tensor:
    """Features at the size of others."""
    return F.interpolate(x, size=like.shape[2:], mode="bilinear", align_corners=True)
