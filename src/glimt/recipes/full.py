"""Full supervision: learn the masks people drew."""

from glimt.core.types import Sample, SoftMask
from glimt.recipes.recipe import Recipe


def full() -> Recipe:
    """The dataset's own masks, unchanged. A frame without a mask is left out."""
    return Recipe("mask-trained", start=own_mask)


def own_mask(sample: Sample) -> SoftMask | None:
    """The mask that came with the frame."""
    return sample.label
