"""The loss of what is said of a target at its centre alone: its offset and its radius (paper 001, section III-B5)."""

from jaxtyping import Bool, Float
from torch import Tensor


def masked_l1(
    found: Float[Tensor, "b k h w"], target: Float[Tensor, "b k h w"], mask: Bool[Tensor, "b h w"]
) -> Float[Tensor, ""]:
    """Absolute difference in the cells of `mask`, the mean over them and the k values; 0 without any cell.

    What stands outside of the mask has no influence, not even when it is not finite.
    """
    cells = mask[:, None].expand_as(found)
    difference = (found - target).where(cells, 0.0).abs()
    return difference.sum() / cells.sum().clamp(min=1)
