"""Detectors on sequences of which only points are known, side by side: learnt ones and classical ones.

    python benchmarks/on_sequences.py DATASET SPLIT RUN [RUN ...]

SPLIT joins sequences with commas. A run whose network locates gets two rows, by its discs and by the masks that PAMG
grows from them. Classical detectors are those of the catalog with their defaults. Profile `points`: a found target
closer than 3 px to a point hits it; where only loose boxes are known, their middles are the points. Nothing is chosen
on the split; compare at fixed Fa.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import isfinite
from pathlib import Path
from typing import Any

import torch
from record import write_result

from glimt.core.catalog import build
from glimt.core.types import Record
from glimt.data.dataset import open_dataset
from glimt.data.point_records import middle
from glimt.data.sequences import Span
from glimt.detectors import DETECTORS
from glimt.inference.device import choose_device, ready
from glimt.inference.evaluate import pairs_of
from glimt.inference.model import Model, load_model
from glimt.inference.predict import Asking
from glimt.inference.truth import found_by, refuse_unknown
from glimt.metrics.evaluate import curves_and_bins, evaluate
from glimt.metrics.pair import Pair
from glimt.metrics.profile import Profile
from glimt.metrics.profiles import points

SHOWN = ("pd", "fa", "f_at", "false_per_frame", "centroid_error", "auc_point", "auc_target_low")
RATES = tuple(f"pd_at_fa_{rate}" for rate in ("1e-6", "1e-5", "1e-4"))


def main() -> None:
    """Score every row, write the result."""
    torch.set_num_threads(1)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("split")
    parser.add_argument("runs", type=Path, nargs="*")
    asked = parser.parse_args()
    rows = {name: classical(name, asked.dataset, asked.split) for name in DETECTORS}
    for run in asked.runs:
        rows |= learnt(run, asked.dataset, asked.split)
    facts = {"dataset": asked.dataset.name, "split": asked.split, "profile": "points"}
    write_result(f"on_sequences_{asked.dataset.name}", {**facts, "rows": rows})


def classical(name: str, dataset: Path, split: str) -> dict[str, Any]:
    """A detector that learns nothing."""
    detector = build(DETECTORS, name, {}, "detector")
    return {"prior": "none", **scored(found_by(detector, records_of(dataset, split)), points())}


def learnt(run: Path, dataset: Path, split: str) -> dict[str, dict[str, Any]]:
    """A run, drawn in every way that it can be."""
    plain = load_model(run)
    ways = ("disc", "pamg") if plain.task.find is not None else (None,)
    return {f"{run.name}{f', {way}' if way else ''}": asked_as(run, way, dataset, split) for way in ways}


def asked_as(run: Path, masks: str | None, dataset: Path, split: str) -> dict[str, Any]:
    """The last checkpoint of a run."""
    model: Model = ready(load_model(run, options={} if masks is None else {"masks": masks}), choose_device("cpu"))
    found = scored(pairs_of(model, records_of(dataset, split, model.task.span), Asking(model.pad)), points())
    return {"prior": model.origin["prior"], "network": model.name, **found}


def records_of(dataset: Path, split: str, span: Span = (0, 0)) -> list[Record]:
    """The frames with a point a target. Raises DataError where it is not known whether a frame holds one."""
    records = open_dataset(dataset).records(split, span)
    known = [replace(one, points=one.points or tuple(map(middle, one.boxes))) for one in records]
    refuse_unknown(known, points())
    return known


def scored(pairs: Iterable[Pair], rules: Profile) -> dict[str, Any]:
    """The values that tell of detection, of all frames and of each sequence."""
    found = evaluate(pairs, rules, curves_and_bins(points=rules.points))
    counts = {name: int(found.counts[name]) for name in ("hits", "targets", "false_targets", "false_pixels", "pixels")}
    parts = {name: picked(part.values, SHOWN + RATES) for name, part in found.sequences.items()}
    curve = {name: list(column) for name, column in found.tables["detection_curve"].items()}
    return {**picked(found.values, SHOWN + RATES), "counts": counts, "sequences": parts, "curve": curve}


def picked(values: Any, names: Sequence[str]) -> dict[str, float | None]:
    """Some of the values; what is not a number is None."""
    return {name: float(values[name]) if isfinite(values[name]) else None for name in names if name in values}


if __name__ == "__main__":
    main()
