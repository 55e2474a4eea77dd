"""What is known about each mask a labeler drew: one row a point, the columns of `labels.csv`."""

import csv
import io
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from glimt.core.clutter import boundary_ratio, clutter, scr
from glimt.core.targets import effective_radius, measure
from glimt.core.types import Image, Points
from glimt.labelers.labeler import Drawing


class LabelRow(NamedTuple):
    """One mask. Lengths in pixels; `row`, `col` are its centroid, `point_row`, `point_col` the click."""

    image: str
    target: int  # i + 1 for points[i]
    point_row: float
    point_col: float
    area: int
    row: float
    col: float
    radius: float  # sqrt(area / pi)
    scr: float  # signal-to-clutter ratio
    rho: float  # boundary satisfaction ratio (paper 001, Eq. 20): below 1, the mask's size rests on the prior
    polarity: int  # +1 brighter than its surroundings, -1 darker
    quality: float  # the labeler's own trust, in [0, 1]

    @property
    def doubt(self) -> float:
        """How much this mask wants a look: 1 for a single pixel or a mask without quality."""
        return 1.0 if self.area <= 1 or np.isnan(self.quality) else 1.0 - self.quality * min(1.0, self.rho)


def rows_of(id: str, image: Image, points: Points, drawing: Drawing) -> list[LabelRow]:
    """One row for each point of one frame."""
    count = len(points)
    found = measure(drawing.instances, count)
    around = clutter(image, drawing.instances, count)
    radii, ratios, rhos = effective_radius(found.areas), scr(around), boundary_ratio(around)
    return [
        LabelRow(
            image=id,
            target=i + 1,
            point_row=float(points[i, 0]),
            point_col=float(points[i, 1]),
            area=int(found.areas[i]),
            row=float(found.centroids[i, 0]),
            col=float(found.centroids[i, 1]),
            radius=float(radii[i]),
            scr=float(ratios[i]),
            rho=float(rhos[i]),
            polarity=int(drawing.sign[i]),
            quality=float(drawing.quality[i]),
        )
        for i in range(count)
    ]


def to_csv(rows: Iterable[LabelRow]) -> str:
    """The rows as the text of `labels.csv`, floats with four decimals."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(LabelRow._fields)
    writer.writerows([f"{value:.4f}" if isinstance(value, float) else value for value in row] for row in rows)
    return text.getvalue()


def review_list(rows: Iterable[LabelRow], most: int) -> list[LabelRow]:
    """The masks to look at first: most doubtful first."""
    return sorted(rows, key=lambda row: -row.doubt)[:most]
