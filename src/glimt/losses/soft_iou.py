"""Soft IoU: one minus the IoU of probabilities (Huang et al., 2019)."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor


@dataclass(frozen=True)
class SoftIou:
    """Zero when everything is matched exactly.

    `over` says what is one set: the whole batch (BasicIRSTD, DNA-Net, ACM) or each image, averaged (AGPCNet). With a
    positive `smooth` an empty set that is left empty costs nothing.
    """

    smooth: float = 1.0
    over: str = "batch"

    def __post_init__(self) -> None:
        if self.over not in ("batch", "image"):
            raise ValueError(f"over must be 'batch' or 'image', got {self.over!r}")

    def __call__(
        self, logits: Float[Tensor, "b 1 h w"], target: Float[Tensor, "b _ h w"], progress: float = 1.0
    ) -> Float[Tensor, ""]:
        p, t = logits[:, 0].sigmoid(), target[:, 0]
        axes = (0, 1, 2) if self.over == "batch" else (1, 2)
        overlap = (p * t).sum(axes)
        union = p.sum(axes) + t.sum(axes) - overlap
        return (1 - (overlap + self.smooth) / (union + self.smooth)).mean()
