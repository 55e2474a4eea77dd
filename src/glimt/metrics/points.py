"""Values for where only places are known: no area, no overlap. And the area under a ROC curve of a single point."""

import numpy as np

from glimt.metrics.detection import count_detection, count_geometry, detection_values
from glimt.metrics.metric import Counts, Metric, ratio
from glimt.metrics.pair import Comparison


def false_per_frame() -> Metric:
    """Mean over frames of the found targets that hit nothing."""
    return Metric(count_frame, false_per_frame_value)


def count_frame(seen: Comparison) -> Counts:
    """One frame, and its false targets."""
    return {"images": 1, "false_targets": int(np.count_nonzero(~seen.used))}


def false_per_frame_value(counts: Counts) -> dict[str, float]:
    """False targets over frames."""
    return {"false_per_frame": ratio(counts["false_targets"], counts["images"])}


def centroid_error() -> Metric:
    """Mean distance of the matched targets from their points, px."""
    return Metric(count_distances, centroid_error_value)


def count_distances(seen: Comparison) -> Counts:
    """The matched pairs of one image, and the sum of their distances."""
    counts = count_geometry(seen)
    return {name: counts[name] for name in ("matches", "centroid_error_sum")}


def centroid_error_value(counts: Counts) -> dict[str, float]:
    """The mean over the matched pairs."""
    return {"centroid_error": ratio(counts["centroid_error_sum"], counts["matches"])}


def background_detection() -> Metric:
    """Pd, and Fa as paper 001 words it (Eq. 18): found pixels off the true masks over all pixels off them.

    The rim of a target that was hit counts as false, which no other protocol does.
    """
    return Metric(count_background, detection_values)


def count_background(seen: Comparison) -> Counts:
    """Targets as everywhere; false pixels and all pixels among those outside the true masks."""
    return {
        **count_detection(pixels_off_targets, None, seen),
        "pixels": int(np.count_nonzero(~seen.true)),
    }


def pixels_off_targets(seen: Comparison) -> int:
    """Found pixels outside the true masks."""
    return int(seen.found_targets.areas.sum()) - seen.shared_pixels


def auc_point() -> Metric:
    """Area under the lines from (0, 0) over the one point (Fa, Pd) to (1, 1): (1 + Pd - Fa) / 2.

    What paper 001 prints as AUC (Table II). With Fa of 1e-5 it is (1 + Pd) / 2 and tells nothing that Pd does not.
    Goes with a metric that counts hits, targets, false pixels and pixels.
    """
    return Metric(no_counts, auc_point_value)


def no_counts(seen: Comparison) -> Counts:
    """Nothing of its own."""
    return {}


def auc_point_value(counts: Counts) -> dict[str, float]:
    """The area."""
    pd, fa = ratio(counts["hits"], counts["targets"]), ratio(counts["false_pixels"], counts["pixels"])
    return {"auc_point": (1 + pd - fa) / 2}
