"""What RPR-Net makes of the features of three frames (paper 001, section III-B2)."""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from glimt.networks.blocks import conv_bn_relu


class DifferenceAttention(nn.Module):
    """The present, stronger where it differs from both neighbours, unless the whole scene moves (Eq. 10 to 12).

    One weight a place, shared by the channels; one gate a scene, since it is the scene that jitters. `alpha` counts by
    its absolute value, so that jitter never opens the gate wider. Without `gated` the gate is 1.
    """

    def __init__(self, channels: int, gated: bool) -> None:
        super().__init__()
        self.motion = nn.Conv2d(channels, 1, 1)
        self.alpha = nn.Parameter(torch.ones(())) if gated else None

    def forward(self, past: Tensor, present: Tensor, future: Tensor) -> Tensor:
        change = (present - past).abs() + (present - future).abs()
        weights = torch.sigmoid(self.motion(change)) * self.gate(past, future)
        return present * (1 + weights)

    def gate(self, past: Tensor, future: Tensor) -> Float[Tensor, "b 1 1 1"] | float:
        """G: 1 for a scene at rest, near 0 where everything changes from the past frame to the future one."""
        if self.alpha is None:
            return 1.0
        jitter = (future - past).abs().mean((1, 2, 3), keepdim=True)
        return torch.exp(-self.alpha.abs() * jitter)


class Fusion(nn.Module):
    """A sum of three frames, each channel of each weighed by what all of them hold, then smoothed (Eq. 13 and 14)."""

    def __init__(self, channels: int, ratio: int = 4) -> None:
        super().__init__()
        inner = 3 * channels // ratio
        self.weigh = nn.Sequential(
            nn.Linear(3 * channels, inner), nn.ReLU(inplace=True), nn.Linear(inner, 3 * channels), nn.Sigmoid()
        )
        self.smooth = conv_bn_relu(channels, channels, bias=False)

    def forward(self, past: Tensor, present: Tensor, future: Tensor) -> Tensor:
        means = torch.cat([one.mean((2, 3)) for one in (past, present, future)], dim=1)
        before, now, behind = self.weigh(means)[:, :, None, None].chunk(3, dim=1)
        return self.smooth(torch.addcmul(torch.addcmul(before * past, now, present), behind, future))


class Temporal(nn.Module):
    """Attention and fusion: three frames -> the features of the one in the middle."""

    def __init__(self, channels: int, gated: bool) -> None:
        super().__init__()
        self.attend = DifferenceAttention(channels, gated)
        self.fuse = Fusion(channels)

    def forward(self, past: Tensor, present: Tensor, future: Tensor) -> Tensor:
        return self.fuse(past, self.attend(past, present, future), future)


class Concatenation(nn.Module):
    """Three frames side by side, mixed in each place by itself: the naive fusion of Table VI."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.mix = conv_bn_relu(3 * channels, channels, 1, bias=False)

    def forward(self, past: Tensor, present: Tensor, future: Tensor) -> Tensor:
        return self.mix(torch.cat([past, present, future], dim=1))
