"""What was measured is not measured again: one small JSON file a measurement, so that a benchmark can be stopped.

To measure anew after the code has changed, remove the file.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from record import circumstances

from glimt.core.files import write_text
from glimt.metrics.evaluate import Evaluation

VALUES = ("iou", "niou", "pd", "f_at", "fa")
COUNTS = ("overlap", "union", "hits", "targets", "false_targets", "false_pixels", "pixels", "images")


def kept(file: Path, measure: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What `file` holds; where there is none, what is measured now, which is written there with commit and date."""
    if not file.is_file():
        begun = {key: value for key, value in circumstances().items() if key in ("commit", "date")}
        write_text(file, json.dumps({**measure(), "begun": begun}, indent=1) + "\n")
    return json.loads(file.read_text(encoding="utf-8"))


def scores_of(found: Evaluation) -> dict[str, Any]:
    """What a table shows of an evaluation, and the counts it comes from."""
    return picked(found.values, found.counts)


def picked(values: Any, counts: Any) -> dict[str, Any]:
    """The values and counts that every table here has."""
    return {
        **{name: float(values[name]) for name in VALUES},
        "counts": {name: int(counts[name]) for name in COUNTS if name in counts},
    }


def pooled(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """The scores of several sets of frames as those of one: counts add, and nIoU is a mean over images."""
    sums = {name: sum(part["counts"][name] for part in parts) for name in parts[0]["counts"]}
    niou = sum(part["niou"] * part["counts"]["images"] for part in parts) / sums["images"]
    values = {
        "iou": sums["overlap"] / sums["union"],
        "niou": niou,
        "pd": sums["hits"] / sums["targets"],
        "f_at": sums["false_targets"] / sums["targets"],
        "fa": sums["false_pixels"] / sums["pixels"],
    }
    return picked(values, sums)
