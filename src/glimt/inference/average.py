"""Average over flips and transposes: worth 6 to 23 points of IoU while a network is young."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from jaxtyping import Float

from glimt.core.types import Sample, ScoreMap

Ask = Callable[[Sample], ScoreMap]


@dataclass(frozen=True)
class View:
    """A frame seen otherwise: transposed first, then mirrored."""

    transposed: bool
    upside_down: bool
    leftside_right: bool

    def of(self, sample: Sample) -> Sample:
        """The sample in this view, its points with it."""
        image, points = sample.image, sample.points
        if self.transposed:
            image, points = image.T, points[:, ::-1]
        last = np.array(image.shape) - 1
        for axis, mirrored in enumerate((self.upside_down, self.leftside_right)):
            if mirrored:
                image, points = np.flip(image, axis), points.copy()
                points[:, axis] = last[axis] - points[:, axis]
        return replace(sample, image=np.ascontiguousarray(image), points=points, label=None)

    def back(self, score: ScoreMap) -> Float[np.ndarray, "_ _"]:
        """A score map of this view, as the frame lies."""
        axes = tuple(axis for axis, mirrored in enumerate((self.upside_down, self.leftside_right)) if mirrored)
        score = np.flip(score, axes)
        return score.T if self.transposed else score


VIEWS = tuple(View(*flags) for flags in product((False, True), repeat=3))


def averaged(ask: Ask, sample: Sample) -> ScoreMap:
    """The mean of the score maps of all eight views."""
    total = np.zeros(sample.image.shape, dtype=np.float32)
    for view in VIEWS:
        total += view.back(ask(view.of(sample)))
    return total / len(VIEWS)
