"""Overlap of pixels: IoU over the dataset, nIoU over the images, mIoU over the targets; precision, recall, F1."""

from functools import partial

import numpy as np
from jaxtyping import Float

from glimt.core.types import Instances
from glimt.metrics.metric import Counts, Metric, exact_sum, ratio, share
from glimt.metrics.pair import Comparison


def overlap() -> Metric:
    """IoU, PA, precision, recall and F1 of all target pixels of the dataset, taken together."""
    return Metric(count_overlap, overlap_values)


def niou(empty: float = 1.0, eps: float = 0.0) -> Metric:
    """Mean over images of the IoU of each image. An image without target that is left empty counts as `empty`."""
    return Metric(partial(count_image_iou, empty, eps), partial(share, "niou", "image_iou", "images"))


def target_iou(name: str = "miou") -> Metric:
    """Mean over true targets of the IoU with the found target matched to it; a target not found counts as 0."""
    return Metric(count_target_iou, partial(share, name, "target_iou", "targets"))


def count_overlap(seen: Comparison) -> Counts:
    """Target pixels in both masks, in either, in each."""
    both, found, true = seen.shared_pixels, int(seen.found_targets.areas.sum()), int(seen.true_targets.areas.sum())
    return {"overlap": both, "union": found + true - both, "found_pixels": found, "true_pixels": true}


def overlap_values(counts: Counts) -> dict[str, float]:
    """What the counts of pixels say."""
    both, found, true = counts["overlap"], counts["found_pixels"], counts["true_pixels"]
    return {
        "iou": ratio(both, counts["union"]),
        "pa": ratio(both, true),
        "precision": ratio(both, found),
        "recall": ratio(both, true),
        "f1": ratio(2 * both, found + true),
    }


def count_image_iou(empty: float, eps: float, seen: Comparison) -> Counts:
    """The IoU of one image, and one image."""
    pixels = count_overlap(seen)
    iou = pixels["overlap"] / (pixels["union"] + eps) if pixels["union"] else empty
    return {"image_iou": exact_sum([iou]), "images": 1}


def count_target_iou(seen: Comparison) -> Counts:
    """Sum of the IoU of the true targets, and how many there are."""
    return {"target_iou": exact_sum(seen.target_ious.tolist()), "targets": len(seen.target_ious)}


def instance_ious(found: Instances, true: Instances, count: int) -> Float[np.ndarray, " n"]:
    """IoU of instance i of `found` with instance i of `true`, for i = 1..count, both drawn for the same clicks."""
    shared, of_found, of_true = (
        np.bincount(labels.ravel(), minlength=count + 1)[1 : count + 1] for labels in (true[found == true], found, true)
    )
    return shared / np.maximum(of_found + of_true - shared, 1)
