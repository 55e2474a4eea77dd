"""Binary cross-entropy, the mean over pixels."""

from dataclasses import dataclass

import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor


@dataclass(frozen=True)
class Bce:
    """Binary cross-entropy, the mean over pixels; `positive` weighs target pixels against background."""

    positive: float = 1.0

    def __call__(
        self, logits: Float[Tensor, "b 1 h w"], target: Float[Tensor, "b _ h w"], progress: float = 1.0
    ) -> Float[Tensor, ""]:
        weight = None if self.positive == 1 else logits.new_tensor(self.positive)
        return F.binary_cross_entropy_with_logits(logits[:, 0], target[:, 0], pos_weight=weight)
