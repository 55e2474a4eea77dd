"""Soft IoU: one minus the IoU of probabilities (Huang et al., 2019)."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from glimt.losses.overlap import check_over, overlap_of


@dataclass(frozen=True)
class SoftIou:
    """One minus the IoU of probabilities; zero when everything is matched exactly.

    `over` says what is one set: the whole batch (BasicIRSTD, DNA-Net, ACM) or each image, averaged (AGPCNet). With a
    positive `smooth` an empty set that is left empty costs nothing.
    """

    smooth: float = 1.0
    over: str = "batch"

    def __post_init__(self) -> None:
        check_over(self.over)

    def __call__(
        self, logits: Float[Tensor, "b 1 h w"], target: Float[Tensor, "b _ h w"], progress: float = 1.0
    ) -> Float[Tensor, ""]:
        both, found, true = overlap_of(logits, target, self.over)
        return (1 - (both + self.smooth) / (found + true - both + self.smooth)).mean()
