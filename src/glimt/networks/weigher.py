"""A weight per channel in (0, 1), read off features that may be as few as one a frame."""

import torch.nn.functional as F
from torch import Tensor, nn


class MeanNorm(nn.BatchNorm2d):
    """Batch normalisation that goes by its running statistics, and leaves them alone, where a channel has one value.

    One value has no variance. A frame's mean is one value, and an epoch may end on a batch of one frame.
    """

    def forward(self, input: Tensor) -> Tensor:
        if input.numel() == self.num_features:
            return F.batch_norm(input, self.running_mean, self.running_var, self.weight, self.bias, eps=self.eps)
        return super().forward(input)


def weigher(channels: int, ratio: int) -> nn.Sequential:
    """A weight in (0, 1) per channel of each place, by way of `ratio` times fewer channels."""
    inner = channels // ratio
    return nn.Sequential(
        nn.Sequential(nn.Conv2d(channels, inner, 1), MeanNorm(inner), nn.ReLU(inplace=True)),
        nn.Sequential(nn.Conv2d(inner, channels, 1), MeanNorm(channels)),
        nn.Sigmoid(),
    )
