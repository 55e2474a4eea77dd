"""Pieces that several networks are made of.

A convolution stands right before its batch normalisation in an `nn.Sequential`, so that prediction can fold the two.
"""

from torch import nn


def conv_bn(inputs: int, outputs: int, size: int = 3, stride: int = 1, bias: bool = True) -> nn.Sequential:
    """A convolution that keeps the size (but for `stride`), and its batch normalisation."""
    conv = nn.Conv2d(inputs, outputs, size, stride, padding=size // 2, bias=bias)
    return nn.Sequential(conv, nn.BatchNorm2d(outputs))


def conv_bn_relu(inputs: int, outputs: int, size: int = 3, stride: int = 1, bias: bool = True) -> nn.Sequential:
    """The same, rectified."""
    return nn.Sequential(*conv_bn(inputs, outputs, size, stride, bias), nn.ReLU(inplace=True))
