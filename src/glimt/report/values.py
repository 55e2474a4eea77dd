"""How a value is called and written, the same on every page and in every table."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


def percent(value: float) -> str:
    """A share in percent."""
    return f"{100 * value:.2f} %"


def per_million(value: float) -> str:
    """A rate in millionths, as the field prints Fa."""
    return f"{1e6 * value:.2f}e-6"


def pixels(value: float) -> str:
    """A length in pixels."""
    return f"{value:.2f} px"


def microseconds(value: float) -> str:
    """A time."""
    return f"{value:.1f} µs"


def number(value: float) -> str:
    """A bare number of four places."""
    return f"{value:.4g}"


@dataclass(frozen=True)
class Word:
    """A value's heading, how it is written, which way is better (+1 up, -1 down, 0 neither), the counts behind it."""

    heading: str
    show: Callable[[float], str] = number
    better: int = 0
    counts: tuple[str, str] | None = None


WORDS = {
    "iou": Word("IoU, pooled over the dataset", percent, 1, ("overlap", "union")),
    "niou": Word("nIoU, mean over images", percent, 1, ("image_iou", "images")),
    "miou": Word("mIoU, mean over targets", percent, 1, ("target_iou", "targets")),
    "niou_target": Word("nIoU as MTU-Net prints it, mean over targets", percent, 1, ("target_iou", "targets")),
    "hiou": Word("hIoU", percent, 1),
    "seg_iou": Word("mean IoU of the matched pairs", percent, 1, ("pair_iou", "tp")),
    "loc_iou": Word("share of targets that pair up", percent, 1),
    "pa": Word("PA, pixel accuracy", percent, 1, ("overlap", "true_pixels")),
    "precision": Word("precision of pixels", percent, 1, ("overlap", "found_pixels")),
    "recall": Word("recall of pixels", percent, 1, ("overlap", "true_pixels")),
    "f1": Word("F1 of pixels", percent, 1),
    "pd": Word("Pd, targets hit", percent, 1, ("hits", "targets")),
    "fa": Word("Fa, false pixels", per_million, -1, ("false_pixels", "pixels")),
    "f_at": Word("F_at, false targets per true target", percent, -1, ("false_targets", "targets")),
    "target_precision": Word("precision of targets", percent, 1),
    "target_f1": Word("F1 of targets", percent, 1),
    "area_ratio": Word("area ratio, found / true", number),
    "centroid_error": Word("centroid error", pixels, -1),
    "radius_error": Word("radius error", pixels, -1),
    "distance": Word("distance of the matched targets", pixels, -1),
    "auc_pixel": Word("area under the ROC of pixels", number, 1),
    "auc_target": Word("area under Pd over Fa", number, 1),
    "auc_target_low": Word("area under Pd over Fa up to 1e-4, scaled to 1", number, 1),
    "auc_point": Word("area under the ROC of one point, (1 + Pd - Fa) / 2", number, 1),
    "false_per_frame": Word("false targets per frame", number, -1),
    **{f"pd_at_fa_{rate}": Word(f"Pd where Fa is at most {rate}", percent, 1) for rate in ("1e-6", "1e-5", "1e-4")},
    "froc": Word("FROC, mean Pd at 1/8 to 8 false targets an image", percent, 1),
    "us_per_target": Word("time per target", microseconds, -1),
    "targets": Word("targets", number),
}


def word(name: str) -> Word:
    """What is known about a value; an unknown one is called by its name."""
    return WORDS.get(name) or Word(name.replace("_", " "))


def show(name: str, value: Any) -> str:
    """The value as a person reads it; a dash where there is none."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return "–"
    return word(name).show(value) if isinstance(value, int | float) else str(value)


def raw(name: str, counts: Mapping[str, Any]) -> str:
    """The counts behind a value, such as 239/263; empty where it is no plain ratio of counts."""
    pair = word(name).counts
    if pair is None or any(key not in counts for key in pair):
        return ""
    return "/".join(str(counts[key]) if isinstance(counts[key], int) else f"{counts[key]:.2f}" for key in pair)
