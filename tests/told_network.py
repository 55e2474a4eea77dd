"""A network that answers with the prompt it is shown: a pixel is a target where the last channel is above a half."""

import torch
from torch import nn


class Told(nn.Module):
    def __init__(self, in_channels: int = 1) -> None:
        super().__init__()
        self.head = nn.Conv2d(in_channels, 1, 1)
        with torch.no_grad():
            self.head.weight.zero_()
            self.head.weight[0, -1] = 1000
            self.head.bias.fill_(-500)

    def forward(self, x):
        return (self.head(x),)
