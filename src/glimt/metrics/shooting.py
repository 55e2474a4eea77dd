"""The shooting rule of DTUM: a shot that lands on a target or beside it hits; one far from every target is false.

Shots are pixels of the found mask. Between the two boxes nothing is counted.
"""

from collections.abc import Mapping
from functools import partial

import cv2
import numpy as np
from jaxtyping import Int

from glimt.core.types import Mask
from glimt.metrics.metric import Counts, Metric, Table, ratio
from glimt.metrics.pair import Comparison

REACH = 1  # px; a shot in the 3 x 3 box of a target pixel hits the target
GUARD = 4  # px; a shot outside the 9 x 9 boxes of all target pixels is false


def shooting(clamped: bool = True) -> Metric:
    """Pd and Fa by the shooting rule. Not `clamped`: boxes over the top or left border are lost, as in the release."""
    return Metric(partial(count_shots, clamped), shooting_values)


def count_shots(clamped: bool, seen: Comparison) -> Counts:
    """True targets hit and in all, false pixels and all pixels."""
    shots = seen.found
    near, guarded = regions(seen.true, clamped)
    return {
        "hits": len(np.unique(seen.true_labels[near & boxes(shots, REACH)])),
        "targets": len(seen.true_targets.areas),
        "false_pixels": int(np.count_nonzero(shots & ~guarded)),
        "pixels": shots.size,
    }


def shooting_values(counts: Counts) -> dict[str, float]:
    """Pd and Fa."""
    return {"pd": ratio(counts["hits"], counts["targets"]), "fa": ratio(counts["false_pixels"], counts["pixels"])}


def shooting_curve(thresholds: int = 50, clamped: bool = True) -> Metric:
    """`auc` of Pd over Fa at that many thresholds from 0 to 1; a shot is a score that reaches the threshold."""
    return Metric(partial(count_shot_curve, thresholds, clamped), auc_value, auc_table)


def count_shot_curve(thresholds: int, clamped: bool, seen: Comparison) -> Counts:
    """Hits and false pixels of one image at each threshold, from one pass over its scores."""
    if seen.scores is None:
        return {}
    at = np.linspace(0, 1, thresholds)
    near, guarded = regions(seen.true, clamped)
    highest = cv2.dilate(seen.scores, np.ones((2 * REACH + 1, 2 * REACH + 1), np.uint8))
    best = np.full(len(seen.true_targets.areas), -1.0)
    np.maximum.at(best, seen.true_labels[near] - 1, highest[near])
    return {
        "shot_hits": reached(best, at),
        "shot_false": reached(seen.scores[~guarded], at),
        "shot_targets": len(best),
        "shot_pixels": seen.found.size,
        "shot_grey": int(np.count_nonzero((seen.scores > 0) & (seen.scores < 1))),
    }


def auc_value(counts: Counts) -> dict[str, float]:
    """Area under the straight lines between the points; none is added at the ends."""
    if not has_curve(counts):
        return {}
    pd, fa = shot_rates(counts)
    return {"auc": float(np.trapezoid(pd[::-1], fa[::-1]))}


def auc_table(counts: Counts) -> Mapping[str, Table]:
    """Pd and Fa at each threshold."""
    if not has_curve(counts):
        return {}
    pd, fa = shot_rates(counts)
    return {"shooting_curve": {"threshold": np.linspace(0, 1, len(pd)).tolist(), "pd": pd.tolist(), "fa": fa.tolist()}}


def has_curve(counts: Counts) -> bool:
    """Whether there are targets, and scores between 0 and 1: masks have no curve."""
    return "shot_hits" in counts and bool(counts["shot_targets"] and counts["shot_grey"])


def shot_rates(counts: Counts) -> tuple[np.ndarray, np.ndarray]:
    """Pd and Fa at each threshold, lowest first."""
    return counts["shot_hits"] / counts["shot_targets"], counts["shot_false"] / counts["shot_pixels"]


def reached(values: np.ndarray, thresholds: np.ndarray) -> Int[np.ndarray, " k"]:
    """How many values reach each threshold."""
    passed = np.searchsorted(thresholds, values.astype(np.float64), side="right")
    histogram = np.bincount(passed, minlength=len(thresholds) + 1)
    return np.cumsum(histogram[:0:-1])[::-1]


def regions(true: Mask, clamped: bool) -> tuple[Mask, Mask]:
    """The target pixels whose box a shot may hit, and the pixels around targets where no shot is false."""
    if clamped:
        return true, boxes(true, GUARD)
    return boxed(true, REACH), boxes(boxed(true, GUARD), GUARD)


def boxes(mask: Mask, reach: int) -> Mask:
    """The pixels within `reach` rows and columns of the mask, cut at the border."""
    side = 2 * reach + 1
    return cv2.dilate(mask.view(np.uint8), np.ones((side, side), np.uint8)).view(bool)


def boxed(mask: Mask, reach: int) -> Mask:
    """The pixels of the mask whose box does not cross the top or left border.

    The release starts such a box at a negative index, which counts from the far side and leaves it empty.
    """
    inside = mask.copy()
    inside[:reach], inside[:, :reach] = False, False
    return inside
