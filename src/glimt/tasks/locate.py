"""Locate: the frames around a moment in, the centre and the radius of each target out (RPR-Net, paper 001, III-B4, 5).

Its answer is drawn as discs, or as the masks that PAMG grows from the centres when it is told the radii (III-C2).
"""

from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from glimt.core.spots import STRIDE, Located, Spots, peaks
from glimt.core.targets import effective_radius, targets
from glimt.core.types import Sample, ScoreMap
from glimt.data.statistics import Statistics
from glimt.labelers.recover import SUPPORT, Masks, drawn
from glimt.losses.heatmap import heatmap_loss
from glimt.losses.radius import masked_l1
from glimt.networks.maps import Maps
from glimt.tasks.moments import moments
from glimt.tasks.task import Task


def locate(  # noqa: PLR0913 - one option a constant of the paper's
    statistics: Statistics | None = None,
    past: int = 1,
    future: int = 1,
    spread: tuple[float, float] = (2.0, 4.0),
    offset: float = 1.0,
    radius: float = 0.1,
    masks: Masks = "disc",
    support: float = SUPPORT,
) -> Task:
    """Learn the centroid and the effective radius of each blob of the label.

    `past` and `future` are the frames shown before and behind the present one. A centre is learnt as a Gaussian whose
    sigma is the target's radius, from `spread[0]` to `spread[1]` cells (Eq. 16); `offset` and `radius` weigh their
    losses against the heatmap's (Eq. 17). `masks` says how the answer is drawn, with R_s = `support` r for PAMG.
    """
    known = statistics or Statistics()
    low, high = spread
    if not 0 < low <= high:
        raise ValueError(f"spread is {low:g} to {high:g}; give two numbers above 0, the smaller one first")
    if past < 0 or future < 0:
        raise ValueError(f"past is {past} and future {future}; give numbers of frames, 0 or more")
    span, finder = (past, future), Finder(masks, support)
    return Task(
        inputs=partial(moments, known.mean, known.std, span),
        target=partial(geometry, low, high),
        loss=GeometryLoss(offset, radius),
        decode=finder.score,
        find=finder,
        channels=past + 1 + future,
        span=span,
    )


def geometry(low: float, high: float, sample: Sample) -> Float[Tensor, "5 rows cols"]:
    """The heatmap of the centres; where a centre is, its offsets in cells, its radius in px, and 1."""
    assert sample.label is not None
    found = targets(sample.label > 0.5)
    shape = tuple(-(-side // STRIDE) for side in sample.label.shape)
    maps = np.zeros((5, *shape), np.float32)
    places = (found.centroids + 0.5) / STRIDE
    cells = np.floor(places).astype(int)
    radii = effective_radius(found.areas)
    for (row, col), sigma in zip(cells.tolist(), np.clip(radii, low, high).tolist(), strict=True):
        np.maximum(maps[0], gaussian(shape, row, col, sigma), out=maps[0])
    rows, cols = cells.T
    maps[1:3, rows, cols] = (places - cells).T
    maps[3, rows, cols], maps[4, rows, cols] = radii, 1
    return torch.from_numpy(maps)


def gaussian(shape: tuple[int, ...], row: int, col: int, sigma: float) -> Float[np.ndarray, "rows cols"]:
    """A Gaussian that is 1 in one cell."""
    rows, cols = np.ogrid[: shape[0], : shape[1]]
    return np.exp(-((rows - row) ** 2 + (cols - col) ** 2) / (2 * sigma**2)).astype(np.float32)


@dataclass(frozen=True)
class GeometryLoss:
    """Focal loss of the heatmap, and absolute differences of offsets and radius at the centres (Eq. 17)."""

    offset: float
    radius: float

    def __call__(self, maps: Maps, target: Tensor, progress: float) -> Tensor:
        found = maps[0].float()
        centres = target[:, 4] > 0
        return (
            heatmap_loss(found[:, 0], target[:, 0])
            + self.offset * masked_l1(found[:, 1:3], target[:, 1:3], centres)
            + self.radius * masked_l1(found[:, 3:4], target[:, 3:4], centres)
        )


@dataclass(frozen=True)
class Finder:
    """The targets in an answer, as discs or as masks grown by PAMG."""

    masks: Masks
    support: float

    def __call__(self, maps: Maps, sample: Sample, threshold: float = 0.0) -> Located:
        spots = spots_of(maps, sample).above(threshold)
        return Located(spots, drawn(sample.image, spots, self.masks, self.support))

    def score(self, maps: Maps, sample: Sample) -> ScoreMap:
        """The score of each target on its pixels."""
        return self(maps, sample).score()


def spots_of(maps: Maps, sample: Sample) -> Spots:
    """What a network located in one frame, strongest first."""
    return peaks(maps[0][0].float().numpy(), sample.image.shape)
