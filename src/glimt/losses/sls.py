"""Scale and location sensitive loss (Liu et al., MSHNet, CVPR 2024), as its code computes it."""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from glimt.losses.overlap import overlap_of

LOCATIONS = ("mean", "centroid")
EPS = 1e-8


@dataclass(frozen=True)
class Sls:
    """Scale and location sensitive: 1 - mean(w U) + location, the mean over images.

    U is the IoU of probabilities, and w punishes a wrong scale: with d = ((sum p - sum g) / 2)^2,
    w = (min(sum p, sum g) + d) / (max(sum p, sum g) + d). The location term compares angle and length of the vector to
    the middle of p with that of g. `location="mean"` takes the released middle, mean(x p / W) over all pixels, which
    grows with the mass of p; "centroid" the true weighted centre, and no location at all for an image whose label is
    empty, as there is no centre. Until `warmup` of the training is over the plain IoU is learnt (6 of 400 epochs).
    """

    warmup: float = 6 / 400
    location: str = "mean"

    def __post_init__(self) -> None:
        if self.location not in LOCATIONS:
            raise ValueError(f"location must be 'mean' or 'centroid', got {self.location!r}")

    def __call__(
        self, logits: Float[Tensor, "b 1 h w"], target: Float[Tensor, "b _ h w"], progress: float = 1.0
    ) -> Float[Tensor, ""]:
        both, found, true = overlap_of(logits, target)
        iou = both / (found + true - both).clamp(min=EPS)
        if progress < self.warmup:
            return 1 - iou.mean()
        d = ((found - true) / 2) ** 2
        scale = (torch.minimum(found, true) + d) / (torch.maximum(found, true) + d).clamp(min=EPS)
        return 1 - (scale * iou).mean() + self._location(logits[:, 0].sigmoid(), target[:, 0])

    def _location(self, p: Float[Tensor, "b h w"], g: Float[Tensor, "b h w"]) -> Float[Tensor, ""]:
        """How far the middles are apart in length and angle, seen from the frame's top left corner."""
        found, true = (middle(one, self.location) for one in (p, g))
        angle = 4 / math.pi**2 * (direction(found) - direction(true)) ** 2
        long, short = torch.maximum(length(found), length(true)), torch.minimum(length(found), length(true))
        apart = 1 - short / long + angle
        known = torch.ones_like(apart) if self.location == "mean" else (g.sum((1, 2)) > 0).to(apart)
        return (apart * known).mean()


def middle(map: Float[Tensor, "b h w"], location: str) -> Float[Tensor, "b 2"]:
    """(row, col) of the middle of each map, as shares of the frame."""
    height, width = map.shape[-2:]
    rows = torch.arange(height, device=map.device, dtype=map.dtype) / height
    cols = torch.arange(width, device=map.device, dtype=map.dtype) / width
    sums = torch.stack([(map.sum(2) * rows).sum(1), (map.sum(1) * cols).sum(1)], dim=1)
    mass = height * width if location == "mean" else map.sum((1, 2)).clamp(min=EPS)[:, None]
    return sums / mass


def direction(point: Float[Tensor, "b 2"]) -> Float[Tensor, " b"]:
    """The angle of each vector, from the released arctangent of row over col."""
    return torch.atan(point[:, 0] / (point[:, 1] + EPS))


def length(point: Float[Tensor, "b 2"]) -> Float[Tensor, " b"]:
    """The length of each vector."""
    return (point.square().sum(1) + EPS).sqrt()
