"""Pseudo labels: a labeler draws a mask around each point once; the network learns those."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from glimt.core.catalog import build
from glimt.core.types import Sample, SoftMask
from glimt.labelers import LABELERS
from glimt.labelers.labeler import Labeler
from glimt.recipes.recipe import Recipe


def pseudo(labeler: str = "fuse", options: dict[str, Any] | None = None) -> Recipe:
    """Masks drawn by `labeler` from point labels alone.

    A frame without a point is learnt as empty if it is known to be; if nothing is known of it, it is left out.
    """
    return Recipe("point only", start=drawn_by(build(LABELERS, labeler, options or {}, "labeler")))


def drawn_by(labeler: Labeler) -> Callable[[Sample], SoftMask | None]:
    """A function from a sample to the mask that `labeler` draws around its points."""
    return partial(drawn, labeler)


def drawn(labeler: Labeler, sample: Sample) -> SoftMask | None:
    """The mask around the points of one sample, as 0 and 1. The true mask only tells an empty frame from an unknown."""
    if not len(sample.points) and sample.label is None:
        return None
    return (labeler(sample.image, sample.points) > 0).astype(np.float32)
