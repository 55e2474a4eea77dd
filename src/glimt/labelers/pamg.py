"""PAMG, physics-driven adaptive mask generation (paper 001, section III-A, Algorithm 1, Eq. 6 and 7).

A region grows from the click, brightest neighbour first; of all its states the one with the highest posterior energy is
the mask. The paper leaves open what the background mean is and how the homogeneity term is kept finite; the readings
here are the ones that reproduce its tables best (docs/labelers.md).
"""

import math
from dataclasses import dataclass

import numpy as np

from glimt.core.types import Image, Instances, Points
from glimt.labelers import _growth
from glimt.labelers.labeler import Drawing, Polarity, check_ranges, clicks_of, grey_levels, sign_of


@dataclass(frozen=True)
class Pamg:
    """Blind with one `support` radius for all (R_s = 20); `guided` takes each target's own, R_s = k r.

    Each of the four terms can be switched off for an ablation. `epsilon` is a share of the local grey range.
    """

    support: float = 20.0  # R_s, pixels
    size: bool = True  # ln ln n
    saliency: bool = True  # ln of the contrast to the one-pixel ring around the region
    homogeneity: bool = True  # minus ln of the spread inside
    geometry: bool = True  # minus d^2 / (2 R_s^2)
    epsilon: float = 0.7
    warmup: int = 4
    polarity: Polarity = "auto"

    def __post_init__(self) -> None:
        check_ranges(self, support=(0.5, 1000), epsilon=(0, 1e6), warmup=(0, 1000))

    def __call__(self, image: Image, points: Points) -> Instances:
        return self.draw(image, points).instances

    def draw(self, image: Image, points: Points) -> Drawing:
        """Masks, and how far each peak stands above masks of less than half or more than twice its size."""
        return self.guided(image, points, np.full(len(points), self.support))

    def guided(self, image: Image, points: Points, supports: np.ndarray) -> Drawing:
        """The same with one support radius R_s a point, in pixels; the paper takes 5 times the target's radius.

        Radii below half a pixel or above a thousand count as that.
        """
        clicks = clicks_of(points, image)
        instances = np.zeros(image.shape, dtype=np.int32)
        stats = np.zeros((len(clicks), 2))
        levels, radii = grey_levels(image), np.clip(np.ascontiguousarray(supports, dtype=float), 0.5, 1000)
        _growth.pamg(levels, clicks, radii, self._energy(), sign_of(self.polarity), instances, stats)
        return Drawing(instances, -np.expm1(-stats[:, 1]), stats[:, 0].astype(np.int64))

    def _energy(self) -> _growth.Energy:
        return _growth.Energy(
            size=float(self.size),
            saliency=float(self.saliency),
            edge=0.0,
            homogeneity=float(self.homogeneity),
            geometry=float(self.geometry),
            epsilon=self.epsilon,
            support=self.support,
            warmup=self.warmup,
            complete=False,
            fall=math.inf,
            patience=0.0,
            slack=0,
        )
