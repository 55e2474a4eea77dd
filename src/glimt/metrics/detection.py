"""Detection of targets: Pd, Fa, F_at, and how far a found target is off.

Published numbers differ in what "false pixels" are. `unmatched_pixels` is the meaning of the word. `unlisted_areas` is
what a widely copied script computes: it forgets every false target that happens to have the area of a matched one.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from glimt.core.targets import effective_radius
from glimt.metrics.metric import Counts, Metric, exact_sum, ratio
from glimt.metrics.pair import Comparison

FalsePixels = Callable[[Comparison], int]


def unmatched_pixels(seen: Comparison) -> int:
    """Pixels of the found targets that match nothing (V2; equal to PAL's difference of sums)."""
    return int(seen.found_targets.areas[~seen.used].sum())


def unlisted_areas(seen: Comparison) -> int:
    """Sum of the found areas that are in no matched target's list of areas (V1; a known bug, kept to compare)."""
    areas = seen.found_targets.areas
    return int(areas[~np.isin(areas, areas[seen.used])].sum())


def detection(false_pixels: FalsePixels = unmatched_pixels, frame_pixels: int | None = None) -> Metric:
    """Pd, Fa, F_at and the share of found targets that are true.

    Fa is false pixels over all pixels; `frame_pixels` replaces the size of each image where a protocol fixes it.
    """
    return Metric(partial(count_detection, false_pixels, frame_pixels), detection_values)


def count_detection(false_pixels: FalsePixels, frame_pixels: int | None, seen: Comparison) -> Counts:
    """True targets hit and in all; found targets that hit and in all; false pixels and all pixels."""
    return {
        "hits": int(np.count_nonzero(seen.hit)),
        "targets": len(seen.hit),
        "found_targets": len(seen.used),
        "false_targets": int(np.count_nonzero(~seen.used)),
        "false_pixels": false_pixels(seen),
        "pixels": frame_pixels or seen.found.size,
    }


def detection_values(counts: Counts) -> dict[str, float]:
    """What the counts of targets say."""
    hits, targets, found, false = (counts[name] for name in ("hits", "targets", "found_targets", "false_targets"))
    precision, pd = ratio(found - false, found), ratio(hits, targets)
    return {
        "pd": pd,
        "fa": ratio(counts["false_pixels"], counts["pixels"]),
        "f_at": ratio(false, targets),
        "target_precision": precision,
        "target_f1": ratio(2 * hits, hits + false + targets),
    }


def geometry() -> Metric:
    """Area ratio, centroid error and radius error, each a mean over the matched pairs of targets."""
    return Metric(count_geometry, geometry_values)


def count_geometry(seen: Comparison) -> Counts:
    """Sums over the matched pairs of one image."""
    found, true, apart = seen.matches
    areas, reference = seen.found_targets.areas[found], seen.true_targets.areas[true]
    off = np.abs(effective_radius(areas) - effective_radius(reference))
    return {
        "matches": len(apart),
        "area_ratio_sum": exact_sum((areas / reference).tolist()),
        "centroid_error_sum": exact_sum(apart.tolist()),
        "radius_error_sum": exact_sum(off.tolist()),
    }


def geometry_values(counts: Counts) -> dict[str, float]:
    """Means over the matched pairs."""
    names = ("area_ratio", "centroid_error", "radius_error")
    return {name: ratio(counts[f"{name}_sum"], counts["matches"]) for name in names}


def matched_distance(eps: float = 1e-5) -> Metric:
    """EDGSP's mean distance of the matched targets, over the hits plus `eps`."""
    return Metric(count_matched_distance, partial(distance_value, eps))


def count_matched_distance(seen: Comparison) -> Counts:
    """Sum of the distances of the matched pairs, and the true targets hit."""
    return {
        "centroid_error_sum": exact_sum(seen.matches.distances.tolist()),
        "hits": int(np.count_nonzero(seen.hit)),
    }


def distance_value(eps: float, counts: Counts) -> dict[str, float]:
    """The mean, with the published guard against no hits at all."""
    return {"distance": ratio(counts["centroid_error_sum"], counts["hits"] + eps)}


def hiou(phantoms: bool = False) -> Metric:
    """Hierarchical IoU: mean IoU of the matched pairs times TP / (TP + FP + FN) of targets.

    With `phantoms` an image where nothing was found gains a false target, and one without true targets a missed one,
    as PyIRSTDMetrics 1.0.2 counts them.
    """
    return Metric(partial(count_hiou, phantoms), hiou_values)


def count_hiou(phantoms: bool, seen: Comparison) -> Counts:
    """Matched pairs, their IoU, found targets over, true targets missed."""
    found, true, pairs = len(seen.found_targets.areas), len(seen.true_targets.areas), len(seen.matches.true)
    return {
        "pair_iou": exact_sum(seen.match_ious.tolist()),
        "tp": pairs,
        "fp": found - pairs + (phantoms and not found),
        "fn": true - pairs + (phantoms and not true),
    }


def hiou_values(counts: Counts) -> dict[str, float]:
    """The hierarchical IoU and its two factors."""
    all_targets = counts["tp"] + counts["fp"] + counts["fn"]
    return {
        "seg_iou": ratio(counts["pair_iou"], counts["tp"]),
        "loc_iou": ratio(counts["tp"], all_targets),
        "hiou": ratio(counts["pair_iou"], all_targets),
    }
