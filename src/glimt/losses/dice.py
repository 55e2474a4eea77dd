"""Dice loss: one minus twice the overlap over the sum of both sets (Milletari et al., 2016)."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from glimt.losses.overlap import check_over, overlap_of


@dataclass(frozen=True)
class Dice:
    """One minus Dice's coefficient; with a positive `smooth` an empty set that is left empty costs nothing."""

    smooth: float = 1.0
    over: str = "image"

    def __post_init__(self) -> None:
        check_over(self.over)

    def __call__(
        self, logits: Float[Tensor, "b 1 h w"], target: Float[Tensor, "b _ h w"], progress: float = 1.0
    ) -> Float[Tensor, ""]:
        both, found, true = overlap_of(logits, target, self.over)
        return (1 - (2 * both + self.smooth) / (found + true + self.smooth)).mean()
