"""LESPS: labels grow from points while the network learns (paper 002, section 4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
from jaxtyping import Float

from glimt.core.squares import square
from glimt.core.targets import label, targets
from glimt.core.types import Mask, Sample, ScoreMap, SoftMask
from glimt.labelers.labeler import clicks_of
from glimt.labelers.make import POINTS, make_labeler
from glimt.recipes.pseudo import drawn_by
from glimt.recipes.recipe import Moment, Recipe

Window = tuple[slice, slice]


def lesps(  # noqa: PLR0913 - the settings of the paper
    begin_loss: float = 10.0,
    begin_epoch: int | None = None,
    every: int = 5,
    base: float = 0.5,
    growth: float = 0.5,
    window: int = 33,
    share: float = 0.0015,
    context: int | None = None,
    quirks: Literal["none", "released"] = "none",
    check: str = "fuse",
) -> Recipe:
    """Begin with one pixel a point; from some epoch on, let the network's answers widen the labels.

    The labels are first updated after the first epoch whose loss is below `begin_loss` (T_loss), or after
    `begin_epoch`, then every `every` epochs (f). `base`, `growth`, `window`, `share` are T_b, k, d and r of Eq. 1-4.
    With a `context` the network is shown squares of so many px around the regions that may grow, which costs less than
    the whole frame.
    `quirks="released"` updates twice where the first update falls on a multiple of `every`, as the published code does.
    Validation frames are labelled by the labeler `check`, as points say nothing of a mask. Raises ValueError for a
    setting out of its range.
    """
    if every < 1 or window < 1 or window % 2 == 0:
        raise ValueError(f"every must be 1 or more and window odd, got {every} and {window}")
    if not (0 <= base <= 1 and 0 < share <= 1):
        raise ValueError(f"base and share must lie in [0, 1], got {base} and {share}")
    if context is not None and context < window:
        raise ValueError(f"context must be {window} or more, the window, got {context}")
    if context is not None and quirks == "released":
        raise ValueError("context must be left out with quirks=released, whose second update needs the whole frame")
    timing = Timing(begin_loss, begin_epoch, every, quirks == "released")
    evolve = Evolution(base, growth, window // 2, share)
    return Recipe(
        POINTS,
        start=point_label,
        refresh=partial(refresh, timing, evolve, context),
        check=drawn_by(make_labeler(check)),
    )


def point_label(sample: Sample) -> SoftMask | None:
    """One at the pixel of each point; a frame without a point is empty if it is known to be, else left out."""
    if not len(sample.points) and sample.label is None:
        return None
    points = np.zeros(sample.image.shape, dtype=np.float32)
    points[tuple(clicks_of(sample.points, sample.image).T)] = 1
    return points


@dataclass(frozen=True)
class Timing:
    """After which epochs labels are updated."""

    begin_loss: float
    begin_epoch: int | None
    every: int
    twice: bool

    def begun(self, losses: Sequence[float]) -> int | None:
        """The epoch, from 1, after which labels are first updated; None if that is still to come."""
        if self.begin_epoch is not None:
            return self.begin_epoch if len(losses) >= self.begin_epoch else None
        return next((epoch for epoch, loss in enumerate(losses, start=1) if loss < self.begin_loss), None)

    def updates(self, losses: Sequence[float]) -> int:
        """How many updates are due now."""
        begun, epoch = self.begun(losses), len(losses)
        if begun is None:
            return 0
        regular = epoch % self.every == 0
        if epoch == begun:
            return 2 if regular and self.twice else 1
        return int(regular)


@dataclass(frozen=True)
class Evolution:
    """One update of one label, Eq. 1-4."""

    base: float
    growth: float
    reach: int  # half of the window's side, px
    share: float

    def __call__(self, label: SoftMask, score: ScoreMap) -> SoftMask:
        """Each region of label > 0.5 in raster order, later ones seeing what earlier ones changed; points stay 1."""
        evolved = label.copy()
        scale = self.share * label.size
        for row, col, area in regions(label):
            window = self.window(row, col)
            found = score[window] > self.threshold(float(score[window].max()), area / scale)
            inside = window[0].start, window[1].start
            kept = belonging(found, row - inside[0], col - inside[1])
            evolved[window][kept] = (evolved[window][kept] + score[window][kept]) / 2
        return np.maximum(evolved, label == 1)

    def window(self, row: int, col: int) -> Window:
        """The neighbourhood of a centroid, cut at the frame's upper and left border; slices end at the others."""
        low = max(0, row - self.reach), max(0, col - self.reach)
        return slice(low[0], row + self.reach + 1), slice(low[1], col + self.reach + 1)

    def threshold(self, peak: float, size: float) -> float:
        """Eq. 2; `size` is the region's area over that of the largest small target."""
        return peak * (self.base + self.growth * (1 - self.base) * size)


def belonging(found: Mask, row: int, col: int) -> Mask:
    """The blobs of `found` that touch the 3 x 3 pixels around the centroid; a single one needs not (as released)."""
    labels, count = label(np.ascontiguousarray(found))
    if count < 2:
        return found
    near = labels[max(0, row - 1) : row + 2, max(0, col - 1) : col + 2]
    return found & np.isin(labels, near)


def regions(label: SoftMask) -> list[tuple[int, int, int]]:
    """Row and column of the centre, and area, of each region of label > 0.5 in raster order."""
    found = targets(label > 0.5)
    each = zip(found.centroids.astype(np.int64).tolist(), found.areas.tolist(), strict=True)
    return [(row, col, area) for (row, col), area in each]


def refresh(timing: Timing, evolve: Evolution, context: int | None, moment: Moment) -> None:
    """Update every label that holds a target, once or twice where it is due."""
    due = timing.updates(moment.losses)
    if not due:
        return
    for sample, mask, scores in moment.answers(partial(shown, context)):
        if not scores:
            continue
        score = scores[0] if context is None else joined(evolve, mask, context, scores)
        for _ in range(due):
            mask = evolve(mask, score)
        moment.labels[sample.id] = mask


def shown(context: int | None, sample: Sample, label: SoftMask) -> list[Sample]:
    """What the network is asked about: the frame, or a square around each region; nothing where there is none."""
    if context is None:
        return [sample] if (label > 0.5).any() else []
    around = (square(label.shape, (row, col), context) for row, col, _ in regions(label))
    return [sample.part((rows.start, cols.start, rows.stop, cols.stop)) for rows, cols in around]


def joined(evolve: Evolution, label: SoftMask, side: int, scores: Sequence[Float[np.ndarray, "_ _"]]) -> ScoreMap:
    """The windows of all regions, each from the answer to the square around it; 0 elsewhere."""
    whole = np.zeros(label.shape, dtype=np.float32)
    for (row, col, _), score in zip(regions(label), scores, strict=True):
        (rows, cols), (down, right) = evolve.window(row, col), square(label.shape, (row, col), side)
        top, left = rows.start - down.start, cols.start - right.start
        whole[rows, cols] = score[top : top + rows.stop - rows.start, left : left + cols.stop - cols.start]
    return whole
