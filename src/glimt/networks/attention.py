"""CBAM: features weighed by channel, then by place (Woo et al., ECCV 2018)."""

import torch
from jaxtyping import Float
from torch import Tensor, nn


class ChannelAttention(nn.Module):
    """Features times a weight in (0, 1) per channel, read off the channel's mean and maximum (eqs. 1 and 2).

    Both go through the same two layers, the inner one `ratio` times narrower, and are added before the sigmoid.
    """

    def __init__(self, channels: int, ratio: int = 16) -> None:
        super().__init__()
        if not 1 <= ratio <= channels:
            raise ValueError(f"ratio must be from 1 to the {channels} channels, got {ratio}")
        inner = channels // ratio
        self.shared = nn.Sequential(
            nn.Conv2d(channels, inner, 1, bias=False), nn.ReLU(inplace=True), nn.Conv2d(inner, channels, 1, bias=False)
        )

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        mean, most = x.mean((2, 3), keepdim=True), x.amax((2, 3), keepdim=True)
        return x * torch.sigmoid(self.shared(mean) + self.shared(most))


class SpatialAttention(nn.Module):
    """Features times a weight in (0, 1) per place, read off the mean and maximum over channels around it (eq. 3)."""

    def __init__(self, size: int = 7) -> None:
        super().__init__()
        if size < 1 or size % 2 == 0:
            raise ValueError(f"size must be odd and at least 1, got {size}")
        self.conv = nn.Conv2d(2, 1, size, padding=size // 2, bias=False)

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        return x * self.weights(x)

    def weights(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b 1 h w"]:
        """The weights alone, for features other than those they are read off."""
        seen = torch.cat([x.mean(1, keepdim=True), x.amax(1, keepdim=True)], dim=1)
        return torch.sigmoid(self.conv(seen))
