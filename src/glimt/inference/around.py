"""Ask a network about the square around each point, and put its answers together (EDGSP, paper 004, Fig. 5).

Each square gives the component that belongs to its own point; where two overlap, the earlier point keeps the pixel.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from glimt.core.box_matching import match_boxes
from glimt.core.types import Instances, Sample, ScoreMap
from glimt.data.augment.centre import corner_of, cut_around, overlap

Ask = Callable[[Sample], ScoreMap]


class Pieces(NamedTuple):
    """What was found around the points of a frame; the score is 0 where nothing was."""

    score: ScoreMap
    instances: Instances


def ask_around(ask: Ask, sample: Sample, size: int, fill: float, threshold: float) -> Pieces:
    """The component of each point among what scores above `threshold` in the `size` x `size` pixels around it.

    A square knows the other points that lie in it: they are shown to a prompted network, and keep their components.
    """
    score, instances = np.zeros(sample.image.shape, np.float32), np.zeros(sample.image.shape, np.int32)
    for i, point in enumerate(sample.points):
        own_first = replace(sample, points=np.roll(sample.points, -i, axis=0))
        part = cut_around(own_first, point, size, fill)
        answer = ask(part)
        there, here = overlap(corner_of(point, size), size, sample.image.shape)
        free = (match_boxes(answer > threshold, part.points)[here] == 1) & (instances[there] == 0)
        instances[there][free] = i + 1
        score[there][free] = answer[here][free]
    return Pieces(score, instances)
