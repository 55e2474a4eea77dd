"""Sums that the losses on overlap share."""

from typing import NamedTuple

from jaxtyping import Float
from torch import Tensor

OVER = ("batch", "image")  # what is one set: the whole batch, or each image, averaged


class Overlap(NamedTuple):
    """Probabilities and labels of each set, summed."""

    both: Float[Tensor, "*n"]
    found: Float[Tensor, "*n"]
    true: Float[Tensor, "*n"]


def overlap_of(logits: Float[Tensor, "b 1 h w"], target: Float[Tensor, "b _ h w"], over: str = "image") -> Overlap:
    """The sums over the batch or over each image."""
    p, t = logits[:, 0].sigmoid(), target[:, 0]
    axes = (0, 1, 2) if over == "batch" else (1, 2)
    return Overlap((p * t).sum(axes), p.sum(axes), t.sum(axes))


def check_over(over: str) -> None:
    """Raise ValueError for anything but the two ways."""
    if over not in OVER:
        raise ValueError(f"over must be 'batch' or 'image', got {over!r}")
