"""Pseudo labels: a labeler draws a mask around each point once; the network learns those."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from glimt.core.types import Sample, SoftMask
from glimt.labelers.labeler import Labeler
from glimt.labelers.make import make_labeler, prior_of
from glimt.recipes.recipe import Recipe


def pseudo(labeler: str = "fuse", options: dict[str, Any] | None = None) -> Recipe:
    """Masks drawn by `labeler`, a name or a run, around the points; a trained one brings its own prior along.

    A frame without a point is learnt as empty if it is known to be; if nothing is known of it, it is left out.
    """
    drawer = make_labeler(labeler, options)
    return Recipe(prior_of(drawer), start=drawn_by(drawer))


def drawn_by(labeler: Labeler) -> Callable[[Sample], SoftMask | None]:
    """A function from a sample to the mask that `labeler` draws around its points."""
    return partial(drawn, labeler)


def drawn(labeler: Labeler, sample: Sample) -> SoftMask | None:
    """The mask around the points of one sample, as 0 and 1. The true mask only tells an empty frame from an unknown."""
    if not len(sample.points) and sample.label is None:
        return None
    return (labeler(sample.image, sample.points) > 0).astype(np.float32)
