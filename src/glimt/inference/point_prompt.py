"""Points at inference for a network that was trained without them (HMG, paper 003, section 4.5.1).

Detections far from every point go, and what PMG draws at the points comes in: the pseudo mask's update, once more.
"""

from dataclasses import dataclass, replace

import numpy as np

from glimt.core.false_alarms import filter_false_alarms
from glimt.core.types import Sample, ScoreMap
from glimt.inference.model import Model
from glimt.labelers.labeler import Labeler
from glimt.labelers.pmg import Pmg


@dataclass(frozen=True)
class PointPrompt:
    """A score map after the points were looked at; above `threshold` lies what is found now."""

    threshold: float
    labeler: Labeler

    def __call__(self, score: ScoreMap, sample: Sample) -> ScoreMap:
        found = score > self.threshold
        dropped = found & ~filter_false_alarms(found, sample.points)
        drawn = self.labeler(sample.image, sample.points) > 0
        return np.where(drawn, np.float32(1), np.where(dropped, np.float32(0), score))


def at_points(model: Model, threshold: float) -> Model:
    """The model as it answers when points are given: one that was trained with points as it is, else through PMG."""
    if model.task.needs_points:
        return model
    return replace(model, task=replace(model.task, finish=PointPrompt(threshold, Pmg()), needs_points=True))
