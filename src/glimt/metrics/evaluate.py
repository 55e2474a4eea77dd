"""Score a dataset under a protocol: `evaluate(pairs, profile)`."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from glimt.core.errors import DataError
from glimt.metrics.bins import boundary_bins, pd_by_contrast, pd_by_scale
from glimt.metrics.bootstrap import intervals, values_of
from glimt.metrics.curves import detection_curve, roc
from glimt.metrics.metric import Counts, Metric, Table, add, total
from glimt.metrics.pair import Pair
from glimt.metrics.profile import Profile

Parts = dict[str | None, dict[str, Any]]  # the counts of each sequence, and under None of what is of none


@dataclass(frozen=True)
class Row:
    """The counts of one image; arrays (histograms, bins) are only kept summed."""

    id: str
    counts: Counts
    sequence: str | None = None


@dataclass(frozen=True)
class Part:
    """The score of one sequence of the dataset."""

    images: int
    values: Mapping[str, float]
    counts: Counts

    def summary(self) -> dict[str, Any]:
        """Images, values and raw counts."""
        return {"images": self.images, **self.values, **scalars(self.counts)}


@dataclass(frozen=True)
class Evaluation:
    """A score of a dataset, with everything it was read from."""

    profile: str
    threshold: float
    values: Mapping[str, float]  # fractions, pixels; not a number where nothing was counted
    counts: Counts  # the sums
    rows: tuple[Row, ...]
    tables: Mapping[str, Table] = field(default_factory=dict)  # curves and bins, column by column
    intervals: Mapping[str, tuple[float, float]] = field(default_factory=dict)  # of the values, 95 %
    sequences: Mapping[str, Part] = field(default_factory=dict)  # of the frames that are of one
    sums: Mapping[str | None, Counts] = field(default_factory=dict)  # of each sequence, and of what is of none

    def summary(self) -> dict[str, Any]:
        """Protocol, values and raw counts at the top level, then intervals; what is not finite is None.

        Where there are several sequences, the same of each.
        """
        head = {"profile": self.profile, "threshold": self.threshold, "images": len(self.rows)}
        parts = {name: part.summary() for name, part in self.sequences.items()} if len(self.sequences) > 1 else {}
        tail = {"sequences": parts} if parts else {}
        return finite({**head, **self.values, **scalars(self.counts), "intervals": self.intervals, **tail})

    def to_json(self) -> dict[str, Any]:
        """The summary, then the tables and the counts of each image."""
        rows = [{"id": row.id, **row.counts} for row in self.rows]
        return {**self.summary(), "tables": finite(self.tables), "rows": finite(rows)}


def evaluate(pairs: Iterable[Pair], profile: Profile, more: Sequence[Metric] = (), draws: int = 0) -> Evaluation:
    """Score `pairs` by the metrics of `profile` and by `more`; `draws` > 0 adds bootstrap intervals.

    One pass, one pair in memory at a time. Raises DataError where there is nothing to score.
    """
    metrics = (*profile.metrics, *more)
    rows: list[Row] = []
    sums: Parts = {}
    for pair in pairs:
        counts = count(pair, profile, metrics)
        add(sums.setdefault(pair.sequence, {}), counts)
        rows.append(Row(pair.id, scalars(counts), pair.sequence))
    if not rows:
        raise DataError("no image to score")
    return read(profile, metrics, sums, tuple(rows), draws)


def merge(shards: Iterable[Evaluation], profile: Profile, more: Sequence[Metric] = (), draws: int = 0) -> Evaluation:
    """The evaluation of the whole from those of its parts: the same to the bit."""
    sums: Parts = {}
    rows: list[Row] = []
    for shard in shards:
        rows += shard.rows
        for name, counts in shard.sums.items():
            add(sums.setdefault(name, {}), counts)
    return read(profile, (*profile.metrics, *more), sums, tuple(rows), draws)


def count(pair: Pair, profile: Profile, metrics: Iterable[Metric]) -> dict[str, Any]:
    """Everything the metrics count on one image."""
    seen = profile.compare(pair)
    return {name: value for metric in metrics for name, value in metric.count(seen).items()}


def read(profile: Profile, metrics: Sequence[Metric], sums: Parts, rows: tuple[Row, ...], draws: int) -> Evaluation:
    """Read values, tables and intervals off the counts."""
    whole, images = total(sums.values()), Counter(row.sequence for row in rows)
    rng = np.random.default_rng(0)  # the same counts give the same interval
    return Evaluation(
        profile=profile.name,
        threshold=profile.threshold,
        values=values_of(whole, metrics),
        counts=whole,
        rows=rows,
        tables={name: table for metric in metrics for name, table in metric.table(whole).items()},
        intervals=intervals([row.counts for row in rows], profile.metrics, draws, rng) if draws else {},
        sequences={
            name: Part(images[name], values_of(own, metrics), own) for name, own in sums.items() if name is not None
        },
        sums=sums,
    )


def curves_and_bins(points: bool = False) -> tuple[Metric, ...]:
    """The house's tables, to give as `more`: ROC, Pd-Fa and FROC curves, Pd by size and contrast, quality by rho.

    Where the truth may be `points`, only what asks for no area of a target: the Pd-Fa and FROC curves.
    """
    if points:
        return (detection_curve(),)
    return roc(), detection_curve(), pd_by_scale(), pd_by_contrast(), boundary_bins()


def worst(evaluation: Evaluation, most: int) -> list[Row]:
    """The images to look at first: most targets missed or invented, then the lowest IoU."""

    def badness(row: Row) -> tuple[float, float]:
        missed = row.counts.get("targets", 0) - row.counts.get("hits", 0)
        return -missed - row.counts.get("false_targets", 0), row.counts.get("image_iou", 0.0)

    return sorted(evaluation.rows, key=badness)[:most]


def scalars(counts: Counts) -> dict[str, Any]:
    """The counts that are single numbers."""
    return {name: value for name, value in counts.items() if not isinstance(value, np.ndarray)}


def finite(value: Any) -> Any:
    """The same for JSON: lists for tuples, None for what is not finite."""
    if isinstance(value, Mapping):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
