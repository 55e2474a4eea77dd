"""Tversky loss: Dice with missed and false pixels weighed apart (Salehi et al., 2017)."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from glimt.losses.overlap import check_over, overlap_of


@dataclass(frozen=True)
class Tversky:
    """1 - TP / (TP + `alpha` FP + `beta` FN) of Salehi's Eq. 3; both 1/2 give Dice, both 1 give IoU.

    Paper 000 compares (alpha, beta) = (0.3, 0.7) and (0.7, 0.3).
    """

    alpha: float = 0.3
    beta: float = 0.7
    smooth: float = 1.0
    over: str = "image"

    def __post_init__(self) -> None:
        check_over(self.over)

    def __call__(
        self, logits: Float[Tensor, "b 1 h w"], target: Float[Tensor, "b _ h w"], progress: float = 1.0
    ) -> Float[Tensor, ""]:
        both, found, true = overlap_of(logits, target, self.over)
        errors = self.alpha * (found - both) + self.beta * (true - both)
        return (1 - (both + self.smooth) / (both + errors + self.smooth)).mean()
