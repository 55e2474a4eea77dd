"""What SCTransNet's skip connections are made of: tokens of all scales that look at each other's channels."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

GROWTH = 2.66  # channels of the feed-forward network, by those of its input


class ChannelNorm(nn.Module):
    """Layer normalisation over the channels of each token."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(channels)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(x.movedim(1, -1)).movedim(-1, 1)


class CrossAttention(nn.Module):
    """SSCA: each scale's channels ask the channels of all scales together; a single head.

    A 3x3 convolution behind each projection puts the neighbourhood in. Instance normalisation of a scale's scores
    stands between their product and the softmax.
    """

    def __init__(self, channels: tuple[int, ...]) -> None:
        super().__init__()
        whole = sum(channels)
        self.queries = nn.ModuleList(embedded(c, c // 2) for c in channels)
        self.keys = embedded(whole, whole)
        self.values = embedded(whole, whole)
        self.project = nn.ModuleList(nn.Conv2d(c, c, 1, bias=False) for c in channels)

    def forward(self, scales: list[Tensor], whole: Tensor) -> list[Tensor]:
        keys = F.normalize(self.keys(whole).flatten(2), dim=-1)
        values = self.values(whole).flatten(2)
        return [
            project(attend(query(one).flatten(2), keys, values).unflatten(2, one.shape[2:]))
            for one, query, project in zip(scales, self.queries, self.project, strict=True)
        ]


def embedded(channels: int, groups: int) -> nn.Sequential:
    """A projection of each token, then one of its neighbourhood."""
    return nn.Sequential(
        nn.Conv2d(channels, channels, 1, bias=False),
        nn.Conv2d(channels, channels, 3, padding=1, groups=groups, bias=False),
    )


def attend(queries: Tensor, keys: Tensor, values: Tensor) -> Tensor:
    """Values (B, K, tokens), averaged for each channel of the queries (B, C, tokens) by likeness to the keys."""
    scores = F.normalize(queries, dim=-1) @ keys.mT / keys.shape[1] ** 0.5
    return F.instance_norm(scores[:, None])[:, 0].softmax(-1) @ values


class FeedForward(nn.Module):
    """CFN: half of the hidden channels see 3x3, half 5x5 pixels; then the frame's mean weighs the channels."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        hidden = int(channels * GROWTH)
        self.expand = nn.Conv2d(channels, 2 * hidden, 1, bias=False)
        self.near = nn.Conv2d(hidden, hidden, 3, padding=1, groups=hidden, bias=False)
        self.far = nn.Conv2d(hidden, hidden, 5, padding=2, groups=hidden, bias=False)
        self.shrink = nn.Conv2d(2 * hidden, channels, 1, bias=False)
        self.weigh = nn.Conv1d(1, 1, 3, padding=1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        near, far = self.expand(x).chunk(2, dim=1)
        x = self.shrink(F.relu(torch.cat([self.near(near), self.far(far)], dim=1)))
        weights = self.weigh(x.mean((2, 3))[:, None]).sigmoid()
        return x * weights[:, 0, :, None, None]


class CrossBlock(nn.Module):
    """SCTB: attention across the scales, then a feed-forward network for each; both beside a way past them."""

    def __init__(self, channels: tuple[int, ...]) -> None:
        super().__init__()
        self.norms = nn.ModuleList(map(ChannelNorm, channels))
        self.norm_whole = ChannelNorm(sum(channels))
        self.attention = CrossAttention(channels)
        self.forwards = nn.ModuleList(nn.Sequential(ChannelNorm(c), FeedForward(c)) for c in channels)

    def forward(self, scales: list[Tensor]) -> list[Tensor]:
        whole = self.norm_whole(torch.cat(scales, dim=1))
        normed = [norm(one) for norm, one in zip(self.norms, scales, strict=True)]
        seen = [one + more for one, more in zip(scales, self.attention(normed, whole), strict=True)]
        return [one + forward(one) for one, forward in zip(seen, self.forwards, strict=True)]


class CrossTransformer(nn.Module):
    """Features of several scales, each with what it learned from the others added.

    Patches as large as each scale needs make as many tokens of it as of the coarsest.
    """

    def __init__(self, channels: tuple[int, ...], patches: tuple[int, ...], depth: int = 4) -> None:
        super().__init__()
        self.tokens = nn.ModuleList(nn.Conv2d(c, c, p, p) for c, p in zip(channels, patches, strict=True))
        self.blocks = nn.Sequential(*(CrossBlock(channels) for _ in range(depth)))
        self.rebuild = nn.ModuleList(map(rebuilt, channels))

    def forward(self, scales: list[Tensor]) -> list[Tensor]:
        mixed = self.blocks([tokens(one) for tokens, one in zip(self.tokens, scales, strict=True)])
        return [
            one + F.interpolate(rebuild(token), size=one.shape[2:])
            for one, rebuild, token in zip(scales, self.rebuild, mixed, strict=True)
        ]


def rebuilt(channels: int) -> nn.Sequential:
    """Tokens as features, before each is repeated over its patch.

    The paper repeats them first: the same numbers from up to 256 times the work.
    """
    conv = nn.Conv2d(channels, channels, 1)
    return nn.Sequential(ChannelNorm(channels), conv, nn.BatchNorm2d(channels), nn.ReLU(inplace=True))
