"""Score labelers on a dataset with true masks: clicks are drawn from the masks, masks from the clicks, and compared."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from glimt.core.catalog import build
from glimt.core.targets import Targets, effective_radius, label, measure
from glimt.core.types import Image, Instances, Mask, Points
from glimt.labelers.labeler import Labeler
from glimt.metrics import PROFILES
from glimt.metrics.evaluate import evaluate
from glimt.metrics.overlap import instance_ious
from glimt.metrics.pair import Pair


class Case(NamedTuple):
    """One frame with its true mask and the clicks drawn from it, in raster order of the targets."""

    id: str
    image: Image
    true: Mask
    points: Points


@dataclass(frozen=True)
class LabelerScore:
    """How well the masks of one labeler fit, under the profile `basicirstd` where targets are matched."""

    values: Mapping[str, float]  # fractions and pixels
    counts: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        """The values, and the counts they come from."""
        return {**self.values, "counts": dict(self.counts)}


def score_labeler(labeler: Labeler, cases: Iterable[Case]) -> LabelerScore:
    """Draw every case and score it: the dataset by profile, each target against the mask of its own click."""
    pairs, per_target, seconds = [], [], 0.0
    for case in cases:
        start = time.perf_counter()
        instances = labeler(case.image, case.points)
        seconds += time.perf_counter() - start
        pairs.append(Pair(instances > 0, case.true, id=case.id))
        per_target.append(compare_targets(instances, case.true))
    result = evaluate(pairs, build(PROFILES, "basicirstd", {}, "profile"))
    columns = np.concatenate(per_target, axis=1) if per_target else np.zeros((4, 0))
    iou, ratio, centroid, radius = columns
    values = {
        **{name: result.values[name] for name in ("iou", "niou", "pd", "fa", "f_at")},
        "miou": float(iou.mean()),
        "area_ratio": float(ratio.mean()),
        "area_ratio_median": float(np.median(ratio)),
        "centroid_error": mean_known(centroid),
        "radius_error": float(radius.mean()),
        "share_above_half": float((iou > 0.5).mean()),
        "targets": columns.shape[1],
        "us_per_target": 1e6 * seconds / max(columns.shape[1], 1),
    }
    names = ("overlap", "union", "hits", "targets", "false_targets", "false_pixels", "pixels", "images")
    return LabelerScore(values, {name: result.counts[name] for name in names if name in result.counts})


def compare_targets(drawn: Instances, true: Mask) -> np.ndarray:
    """(4, n): IoU, area ratio, centroid error and radius error (px) of the mask of each true target."""
    truth, count = label(true)
    own, of_truth = measure(drawn, count), measure(truth, count)
    return np.stack([instance_ious(drawn, truth, count), *errors(own, of_truth)])


def errors(own: Targets, truth: Targets) -> tuple[np.ndarray, ...]:
    """Area ratio, distance of the centroids, difference of the effective radii."""
    distance = np.linalg.norm(own.centroids - truth.centroids, axis=1)
    return own.areas / truth.areas, distance, np.abs(effective_radius(own.areas) - effective_radius(truth.areas))


def mean_known(values: np.ndarray) -> float:
    """The mean of the values that are numbers: a target without a mask has no centroid."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else float("nan")
