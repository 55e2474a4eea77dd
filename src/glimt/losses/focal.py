"""Focal losses: easy pixels count little, so that the few target pixels are not drowned by background.

Powers of p are taken as exponentials of logarithms: a power below 1 has no finite slope where p is 0.
"""

from dataclasses import dataclass

import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor


@dataclass(frozen=True)
class Focal:
    """Focal loss (Lin et al., 2017, Eq. 5): -alpha_t (1 - p_t)^gamma log p_t, the mean over pixels.

    `alpha` weighs target pixels, 1 - `alpha` background. A soft label mixes both by its value.
    """

    alpha: float = 0.25
    gamma: float = 2.0

    def __post_init__(self) -> None:
        if not 0 <= self.alpha <= 1 or self.gamma < 0:
            raise ValueError(f"alpha must lie in [0, 1] and gamma be 0 or more, got {self.alpha} and {self.gamma}")

    def __call__(
        self, logits: Float[Tensor, "b 1 h w"], target: Float[Tensor, "b _ h w"], progress: float = 1.0
    ) -> Float[Tensor, ""]:
        z, t = logits[:, 0], target[:, 0]
        log_p, log_rest = F.logsigmoid(z), F.logsigmoid(-z)
        positive = -self.alpha * (self.gamma * log_rest).exp() * log_p
        negative = -(1 - self.alpha) * (self.gamma * log_p).exp() * log_rest
        return (t * positive + (1 - t) * negative).mean()


@dataclass(frozen=True)
class FocalCornernet:
    """CornerNet's focal loss with soft labels, as LESPS (paper 002) takes it; a sum divided by the sure target pixels.

    -(1 - p)^a t log p - p^a (1 - t)^b log(1 - p), summed over the batch, over the number of pixels whose label is 1
    exactly, at least one. With an untrained network its value is in the thousands. LESPS adds 1e-12 inside the
    logarithms; here they are taken from the logits.
    """

    a: float = 2.0
    b: float = 4.0

    def __call__(
        self, logits: Float[Tensor, "b 1 h w"], target: Float[Tensor, "b _ h w"], progress: float = 1.0
    ) -> Float[Tensor, ""]:
        z, t = logits[:, 0], target[:, 0]
        log_p, log_rest = F.logsigmoid(z), F.logsigmoid(-z)
        positive = -(self.a * log_rest).exp() * t * log_p
        negative = -(self.a * log_p).exp() * (1 - t) ** self.b * log_rest
        return (positive + negative).sum() / (t == 1).sum().clamp(min=1)
