"""Find where the annotators of a dataset end their masks, from a few masks somebody has reviewed.

The prior of a calibrated labeler is no longer points alone: tag its results with the number of reviewed masks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from glimt.core.errors import DataError
from glimt.core.types import Image, Instances, Points
from glimt.labelers.fuse import Fuse

TAUS = (0.05, 0.08, 0.12, 0.16, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5)
MARGIN = 0.08  # mean IoU that a tau must gain: with 5 masks, less is as likely luck
FEWEST = 5  # reviewed masks below which the choice is mostly luck


class Reviewed(NamedTuple):
    """One frame, its clicks, and the reviewed mask of each click (0 where a click has none)."""

    image: Image
    points: Points
    instances: Instances


@dataclass(frozen=True)
class Calibration:
    """The chosen tau (None: the labeler's own masks are as good) and the mean IoU of every choice."""

    tau: float | None
    targets: int
    scores: dict[str, float]  # mean over targets; "own" is the labeler without tau


def calibrate(reviewed: Sequence[Reviewed], labeler: Fuse, margin: float = MARGIN) -> Calibration:
    """The tau with the highest mean IoU over the reviewed targets, if it beats no tau by `margin`.

    Raises DataError when no click lies in a reviewed mask.
    """
    choices = {"own": None} | {f"{tau:g}": tau for tau in TAUS}
    scores = {name: ious(reviewed, replace(labeler, tau=tau)) for name, tau in choices.items()}
    if not scores["own"]:
        raise DataError("no click lies in a reviewed mask, so there is nothing to calibrate on")
    means = {name: float(np.mean(values)) for name, values in scores.items()}
    best = max(means, key=lambda name: means[name])
    chosen = choices[best] if means[best] > means["own"] + margin else None
    return Calibration(chosen, len(scores["own"]), means)


def ious(reviewed: Iterable[Reviewed], labeler: Fuse) -> list[float]:
    """The IoU of each reviewed target with the mask drawn from its click."""
    return [iou for image, points, true in reviewed for iou in target_ious(labeler(image, points), true, len(points))]


def target_ious(drawn: Instances, true: Instances, count: int) -> list[float]:
    """For each of the instances 1..count that has true pixels: intersection over union of the two."""
    area, true_area, both = (
        np.bincount(labels.ravel(), minlength=count + 1)[1 : count + 1]
        for labels in (drawn, true, true * (drawn == true))
    )
    there = true_area > 0
    return (both[there] / (area + true_area - both)[there]).tolist()
