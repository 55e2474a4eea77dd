"""Where detection fails: Pd by size and local contrast (paper 000, Fig. 3), mask quality by rho (paper 001, Fig. 7)."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
from jaxtyping import Float

from glimt.core.clutter import SUPPORT, boundary_ratio, clutter, contrast
from glimt.metrics.metric import Counts, Metric, Table, exact_sum, ratio
from glimt.metrics.pair import Comparison

SCALES = (20, 40, 60, 80, 100, 120, 140)  # pixels
CONTRASTS = (30, 60, 90, 120, 150)  # grey levels of 255
DILATION = 3  # px; paper 000 takes the background from the target's box dilated by three pixels
RATIOS = (
    0.0,
    0.5,
    1.0,
    1.5,
    2.0,
    3.0,
    5.0,
)  # lower ends of the groups of rho; paper 001 names the turns at 1 and 2 only
SUCCESS = 0.5  # IoU

Measure = Callable[[Comparison], Float[np.ndarray, " n"] | None]


def no_values(counts: Counts) -> dict[str, float]:
    """Bins are a table; they add no single value."""
    return {}


def pd_by_scale(below: Sequence[float] = SCALES) -> Metric:
    """Pd of the true targets with fewer pixels than each bound: the ranges (0, 20), (0, 40), ... overlap."""
    return pd_below("scale", areas, below)


def pd_by_contrast(below: Sequence[float] = CONTRASTS) -> Metric:
    """Pd of the true targets whose local contrast is under each bound, in grey levels; bright and dark count alike.

    Needs frames. Local contrast is |mean of the target - mean of the rest of its box dilated by three pixels|.
    """
    return pd_below("contrast", grey_levels, below)


def pd_below(name: str, measure: Measure, below: Sequence[float]) -> Metric:
    """Pd of the true targets whose `measure` lies strictly below each bound."""
    bounds = np.asarray(below, dtype=float)
    return Metric(partial(count_below, name, measure, bounds), no_values, partial(pd_table, name, bounds))


def areas(seen: Comparison) -> Float[np.ndarray, " n"]:
    """Pixels of each true target."""
    return seen.true_targets.areas.astype(float)


def grey_levels(seen: Comparison) -> Float[np.ndarray, " n"] | None:
    """Local contrast of each true target on the scale of 255, where the frame is known."""
    if seen.image is None:
        return None
    around = clutter(seen.image, seen.true_labels, len(seen.true_targets.areas), DILATION)
    return 255 * np.abs(contrast(around))


def count_below(name: str, measure: Measure, below: Float[np.ndarray, " k"], seen: Comparison) -> Counts:
    """True targets below each bound that were hit, and in all."""
    values = measure(seen)
    if values is None:
        return {}
    inside = values[:, None] < below
    return {f"{name}_hits": inside[seen.hit].sum(axis=0), f"{name}_targets": inside.sum(axis=0)}


def pd_table(name: str, below: Float[np.ndarray, " k"], counts: Counts) -> Mapping[str, Table]:
    """Hits, targets and Pd below each bound."""
    if f"{name}_hits" not in counts:
        return {}
    hits, targets = counts[f"{name}_hits"].tolist(), counts[f"{name}_targets"].tolist()
    pd = [ratio(hit, target) for hit, target in zip(hits, targets, strict=True)]
    return {f"pd_by_{name}": {"below": below.tolist(), "hits": hits, "targets": targets, "pd": pd}}


def boundary_bins(start: Sequence[float] = RATIOS, support: float = SUPPORT) -> Metric:
    """Mean IoU and share with IoU > 0.5 of the true targets, grouped by PAMG's boundary satisfaction ratio rho.

    Needs frames. rho = SCR / B(n, gamma, R_s) with n, SCR and gamma taken from the true mask (paper 001, Eq. 9 and 20).
    A group holds start <= rho < next start.
    """
    bounds = np.asarray(start, dtype=float)
    return Metric(partial(count_boundary, bounds, support), no_values, partial(boundary_table, bounds))


def count_boundary(start: Float[np.ndarray, " k"], support: float, seen: Comparison) -> Counts:
    """Targets, sum of their IoU, and successes, by group of rho."""
    if seen.image is None:
        return {}
    around = clutter(seen.image, seen.true_labels, len(seen.true_targets.areas))
    rho = boundary_ratio(around, support)
    known = ~np.isnan(rho)
    group, iou = np.searchsorted(start, rho[known], side="right") - 1, seen.target_ious[known]
    return {
        "boundary_targets": np.bincount(group, minlength=len(start)),
        "boundary_iou": np.array([exact_sum(iou[group == i]) for i in range(len(start))]),
        "boundary_successes": np.bincount(group[iou > SUCCESS], minlength=len(start)),
    }


def boundary_table(start: Float[np.ndarray, " k"], counts: Counts) -> Mapping[str, Table]:
    """Mean IoU and success rate of each group; the last has no upper end."""
    if "boundary_targets" not in counts:
        return {}
    targets, iou, successes = (counts[f"boundary_{name}"].tolist() for name in ("targets", "iou", "successes"))
    return {
        "boundary": {
            "from": start.tolist(),
            "to": [*start[1:].tolist(), None],
            "targets": targets,
            "iou": [ratio(*pair) for pair in zip(iou, targets, strict=True)],
            "success": [ratio(*pair) for pair in zip(successes, targets, strict=True)],
        }
    }
