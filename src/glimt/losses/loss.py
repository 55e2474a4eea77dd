"""What a loss is, and sums of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from torch import Tensor

Loss: TypeAlias = Callable[[Tensor, Tensor, float], Tensor]  # logits, target, progress in [0, 1]


@dataclass(frozen=True)
class Weighted:
    """A sum of losses, each with a weight."""

    terms: tuple[tuple[float, Loss], ...]

    @property
    def needs_frame(self) -> bool:
        """Whether any of them looks at the frame."""
        return any(needs_frame(loss) for _, loss in self.terms)

    def __call__(self, logits: Tensor, target: Tensor, progress: float) -> Tensor:
        parts = [weight * loss(logits, target, progress) for weight, loss in self.terms]
        return sum(parts, start=logits.new_zeros(()))


def needs_frame(loss: Loss) -> bool:
    """Whether the target must hold the frame as its second channel."""
    return getattr(loss, "needs_frame", False)
