"""What a score map says is a target: one row a blob, the columns of `targets.csv`."""

import csv
import io
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from glimt.core.clutter import clutter, scr
from glimt.core.spots import Located
from glimt.core.targets import effective_radius, targets
from glimt.core.types import Image, ScoreMap


class Detection(NamedTuple):
    """One found target. `row` and `col` are the centroid of its pixels, lengths are in pixels."""

    image: str
    target: int  # 1, 2, ... in raster order, as blobs are numbered
    row: float
    col: float
    area: int
    radius: float  # sqrt(area / pi)
    score: float  # the highest in it
    mean_score: float
    scr: float  # signal-to-clutter ratio; infinite on a flat background


def detections(id: str, score: ScoreMap, image: Image, threshold: float) -> list[Detection]:
    """The 8-connected blobs of `score > threshold` in the frame `id`."""
    found = targets(score > threshold)
    count = len(found.areas)
    inside = np.flatnonzero(found.labels)
    owner, scores = found.labels.ravel()[inside] - 1, score.ravel()[inside]
    highest = np.zeros(count, dtype=score.dtype)
    np.maximum.at(highest, owner, scores)
    means = np.bincount(owner, scores, minlength=count) / found.areas
    radii, ratios = effective_radius(found.areas), scr(clutter(image, found.labels, count))
    places = range(1, count + 1), *found.centroids.T
    measured = zip(*places, found.areas, radii, highest, means, ratios, strict=True)
    return [
        Detection(id, target, float(row), float(col), int(area), *map(float, rest))
        for target, row, col, area, *rest in measured
    ]


def located(id: str, found: Located, image: Image) -> list[Detection]:
    """The targets of a network that says centre and radius, strongest first; those are its own, to the sub-pixel."""
    count = len(found.spots.scores)
    areas = np.bincount(found.instances.ravel(), minlength=count + 1)[1:]
    ratios = scr(clutter(image, found.instances, count))
    centres, radii, scores = (column.tolist() for column in found.spots)
    measured = zip(centres, areas.tolist(), radii, scores, ratios.tolist(), strict=True)
    return [
        Detection(id, target, row, col, area, radius, score, score, ratio)
        for target, ((row, col), area, radius, score, ratio) in enumerate(measured, start=1)
    ]


def to_csv(rows: Iterable[Detection]) -> str:
    """The rows as the text of `targets.csv`, floats with four decimals."""
    return HEADER + lines_of(rows)


def lines_of(rows: Iterable[Detection]) -> str:
    """The rows without a header."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([f"{value:.4f}" if isinstance(value, float) else value for value in row] for row in rows)
    return text.getvalue()


HEADER = ",".join(Detection._fields) + "\n"
