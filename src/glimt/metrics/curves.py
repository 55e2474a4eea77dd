"""Curves over the threshold: pixel ROC, Pd against Fa, and FROC, each with the area under it.

Thresholds are k / levels with levels a power of two, so comparing with them is exact; found is what lies above.
Where there are only masks, no score between 0 and 1, there is no curve and no area.
"""

from collections.abc import Iterator, Mapping
from functools import partial

import numpy as np
from jaxtyping import Float, Int

from glimt.core.targets import Targets
from glimt.core.types import ScoreMap
from glimt.metrics.cutout import axis, measured
from glimt.metrics.metric import Counts, Metric, Table
from glimt.metrics.pair import Comparison

PIXEL_LEVELS = 1024
TARGET_LEVELS = 128
LOW_FA = 1e-4  # the false-alarm rates that matter; published Fa lies between 1e-6 and 1e-4
FIXED_FA = {"1e-6": 1e-6, "1e-5": 1e-5, "1e-4": 1e-4}  # where Pd is read off, whatever threshold that takes
FALSE_PER_IMAGE = (0.125, 0.25, 0.5, 1, 2, 4, 8)  # where FROC is read, as in the LUNA16 challenge
TOGETHER = 8  # thresholds that are labelled at once
STACK = 2**23  # and pixels at most

Curve = Float[np.ndarray, " k"]


def roc(levels: int = PIXEL_LEVELS) -> Metric:
    """ROC of pixels from one histogram of the scores, and `auc_pixel` under it."""
    return Metric(partial(count_scores, levels), roc_values, roc_table)


def count_scores(levels: int, seen: Comparison) -> Counts:
    """Histograms of the scores of true target pixels and of the others."""
    if seen.scores is None:
        return {}
    level = steps(seen.scores, levels)
    everything = np.bincount(level.ravel(), minlength=levels + 1)
    true = np.bincount(level[seen.true], minlength=levels + 1)
    return {"true_scores": true, "other_scores": everything - true}


def roc_values(counts: Counts) -> dict[str, float]:
    """Area under the straight lines between the points, from (0, 0) to (1, 1): pixels of one level count half."""
    if not grey(counts):
        return {}
    fpr, tpr = (rates(counts[name]) for name in ("other_scores", "true_scores"))
    ends = [np.append(curve[::-1], 1.0) for curve in (fpr, tpr)]
    return {"auc_pixel": float(np.trapezoid(ends[1], ends[0]))}


def roc_table(counts: Counts) -> Mapping[str, Table]:
    """False and true positive rates at each threshold that changes one of them."""
    if not grey(counts):
        return {}
    fpr, tpr = (rates(counts[name])[:-1] for name in ("other_scores", "true_scores"))
    kept = changes(fpr, tpr)
    return {"roc": {"threshold": (kept / len(fpr)).tolist(), "fpr": fpr[kept].tolist(), "tpr": tpr[kept].tolist()}}


def grey(counts: Counts) -> bool:
    """Whether some score lies between 0 and 1: masks have no curve."""
    return "true_scores" in counts and bool((counts["true_scores"] + counts["other_scores"])[1:-1].any())


def rates(histogram: Int[np.ndarray, " n"]) -> Curve:
    """Share of the pixels strictly above each threshold, and above none at the end: 0."""
    above = np.append(np.cumsum(histogram[:0:-1])[::-1], 0)
    return above / histogram.sum() if histogram.any() else np.full(len(histogram), np.nan)


def detection_curve(levels: int = TARGET_LEVELS) -> Metric:
    """Pd against Fa and against false targets per image, with the areas `auc_target`, `auc_target_low` and `froc`.

    Also Pd where Fa is at most 1e-6, 1e-5 and 1e-4, which compares detectors whatever threshold each would take.
    Targets are matched anew at each threshold by the protocol's matcher; false pixels are those of unmatched targets.
    """
    return Metric(partial(count_curve, levels), curve_values, curve_table)


def count_curve(levels: int, seen: Comparison) -> Counts:
    """Hits, false pixels and false targets of one image at each threshold."""
    if seen.scores is None:
        return {}
    level = steps(seen.scores, levels)
    present = np.unique(level[level > 0])  # between two present levels nothing changes
    rows = [count_layer(found, true, seen) for found, true in layers(level, present, seen)]
    at = np.searchsorted(present, np.arange(levels), side="right")
    hits, pixels, false = np.array([*rows, (0, 0, 0)], dtype=np.int64)[at].T
    return {
        "curve_hits": hits,
        "curve_false_pixels": pixels,
        "curve_false_targets": false,
        "curve_targets": len(seen.true_targets.areas),
        "curve_pixels": seen.found.size,
        "curve_images": 1,
        "curve_levels": int(np.count_nonzero(present < levels)),
    }


def count_layer(found: Targets, true: Targets, seen: Comparison) -> tuple[int, int, int]:
    """True targets hit, pixels and number of the found targets that match nothing, at one threshold."""
    matches = seen.match(found, true)
    free = np.bincount(matches.found, minlength=len(found.areas)) == 0
    return len(set(matches.true.tolist())), int(found.areas[free].sum()), int(np.count_nonzero(free))


def layers(
    level: Int[np.ndarray, "h w"], present: Int[np.ndarray, " k"], seen: Comparison
) -> Iterator[tuple[Targets, Targets]]:
    """For each present level: the targets at that level and above, and the true ones on the same cut-out.

    A few levels at a time are labelled at once, on what their lowest occupies: high levels are small cut-outs.
    """
    at_once = min(TOGETHER, max(1, STACK // level.size))
    for start in range(0, len(present), at_once):
        some = present[start : start + at_once]
        filled = np.divmod(np.flatnonzero(level >= some[0]), level.shape[1])
        rows, cols = (axis(positions, length).kept for positions, length in zip(filled, level.shape, strict=True))
        small, labels = (np.pad(full, (0, 1))[np.ix_(rows, cols)] for full in (level, seen.true_labels))
        true = seen.true_targets._replace(labels=labels)
        masks = (small >= some[:, None, None]).view(np.uint8)
        yield from ((found, true) for found in measured(masks, rows, cols))


def curve_values(counts: Counts) -> dict[str, float]:
    """The areas, and Pd at a few fixed Fa: always the best Pd that a threshold reaches at or below that rate."""
    if "curve_hits" not in counts or not counts["curve_levels"] or not counts["curve_targets"]:
        return {}
    pd, fa, false = curve(counts)
    return {
        "auc_target": area_below(fa, pd, 1.0),
        "auc_target_low": area_below(fa, pd, LOW_FA) / LOW_FA,
        **{f"pd_at_fa_{name}": best_below(fa, pd, limit) for name, limit in FIXED_FA.items()},
        "froc": float(np.mean([best_below(false, pd, limit) for limit in FALSE_PER_IMAGE])),
    }


def curve_table(counts: Counts) -> Mapping[str, Table]:
    """Pd, Fa and false targets per image at each threshold that changes one of them."""
    if "curve_hits" not in counts or not counts["curve_levels"]:
        return {}
    pd, fa, false = curve(counts)
    kept = changes(pd, fa, false)
    columns = {"threshold": np.arange(len(pd)) / len(pd), "pd": pd, "fa": fa, "false_targets_per_image": false}
    return {"detection_curve": {name: column[kept].tolist() for name, column in columns.items()}}


def curve(counts: Counts) -> tuple[Curve, Curve, Curve]:
    """Pd, Fa and false targets per image at every threshold, lowest first."""
    return (
        counts["curve_hits"] / (counts["curve_targets"] or np.nan),
        counts["curve_false_pixels"] / counts["curve_pixels"],
        counts["curve_false_targets"] / counts["curve_images"],
    )


def best_below(x: Curve, y: Curve, limit: float) -> float:
    """The best `y` at or below `limit`; 0 where every `x` is above."""
    return float(y[x <= limit].max(initial=0.0))


def area_below(x: Curve, y: Curve, limit: float) -> float:
    """Area from 0 to `limit` under the staircase of the best `y` at or below each `x`."""
    order = np.lexsort((y, x))
    x, best = np.minimum(np.append(x[order], limit), limit), np.maximum.accumulate(y[order])
    return float((best * np.diff(x)).sum())


def changes(*columns: Curve) -> Int[np.ndarray, " _"]:
    """Indices of the rows that differ from the row before, and the first."""
    differs = np.any([np.diff(column) != 0 for column in columns], axis=0)
    return np.flatnonzero(np.append(True, differs))


def steps(scores: ScoreMap, levels: int) -> Int[np.ndarray, "h w"]:
    """How many of the thresholds 0, 1/levels, 2/levels, ... lie strictly below each score."""
    return np.ceil(np.clip(scores, 0, 1) * levels).astype(np.int16)
