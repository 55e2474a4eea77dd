"""Measure one mask on its frame, by the means that `glimt label` measures its masks with."""

import math

import numpy as np

from glimt.annotate.masks import BoxedMask
from glimt.annotate.values import Figures
from glimt.core.clutter import MARGIN
from glimt.core.types import Image
from glimt.labelers.labeler import Drawing
from glimt.labelers.table import rows_of

FLAT = 1e6  # the SCR on a background without spread, as JSON knows no infinity


def measure(image: Image, mask: BoxedMask | None, quality: float | None = None) -> Figures:
    """The figures of a mask; `quality` is the labeler's own trust, None where it cannot say, as for a person's."""
    if mask is None:
        return Figures(quality=quality)
    top, left, bottom, right = mask.box
    above, before = max(0, top - MARGIN), max(0, left - MARGIN)
    cut = np.ascontiguousarray(image[above : bottom + MARGIN, before : right + MARGIN])
    instances = np.zeros(cut.shape, dtype=np.int32)
    instances[top - above : bottom - above, left - before : right - before] = mask.pixels()
    inside, around = cut[instances == 1], cut[instances == 0]
    dark = around.size and inside.mean(dtype=float) < around.mean(dtype=float)
    drawing = Drawing(instances, np.array([np.nan if quality is None else quality]), np.array([-1 if dark else 1]))
    (row,) = rows_of("", cut, np.zeros((1, 2)), drawing)
    return Figures(
        area=row.area,
        row=row.row + above,
        col=row.col + before,
        radius=row.radius,
        scr=plain(row.scr),
        rho=plain(row.rho),
        polarity=row.polarity,
        quality=quality,
        doubt=row.doubt,
    )


def plain(value: float) -> float | None:
    """A number that JSON can hold: None for what is none, a million for an infinite one."""
    return None if math.isnan(value) else min(value, FLAT)
