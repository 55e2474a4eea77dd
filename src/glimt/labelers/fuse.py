"""FUSE, the house's best labeler: three energies read off one growth, and PMG from the click and from the middle, vote.

The growth is PAMG's. The energies add an edge term, the mean step over the region's border, and are followed only until
they have fallen for good: a later, higher peak is a leak into the background. No size, box or mask is known beforehand.
The settings were chosen on the training splits of SIRST and NUDT-SIRST together (docs/labelers.md).
"""

from dataclasses import dataclass

import numpy as np

from glimt.core.errors import OptionError
from glimt.core.types import Image, Instances, Points
from glimt.labelers import _growth
from glimt.labelers.labeler import Drawing, Polarity, check_ranges, clicks_of, grey_levels, sign_of
from glimt.labelers.level import at_level


@dataclass(frozen=True)
class Vote:
    """The weights of one energy.

    size ln ln n + ln contrast + edge ln step - homogeneity ln spread - d^2 / (2 support^2)
    """

    size: float
    edge: float
    homogeneity: float
    support: float  # pixels
    complete: bool = True  # choose only among whole connected components at a grey level


VOTES = (
    Vote(size=2.0, edge=0.5, homogeneity=0.5, support=20.0, complete=False),
    Vote(size=1.5, edge=0.5, homogeneity=0.0, support=15.0),
    Vote(size=0.85, edge=0.5, homogeneity=0.1, support=20.0),
)


@dataclass(frozen=True)
class Fuse:
    """`tau` redraws each mask at that share of its peak's height above the background, for other annotators' habits.

    None keeps the masks of the vote, which end where SIRST's annotators end theirs; `glimt label --calibrate` finds a
    tau from a few reviewed masks.
    """

    tau: float | None = None
    reach: int = 30  # px from the click that a mask can extend
    most: int = 800  # pixels a mask can have
    length: int = 25  # PMG's L_ep
    depth: int = 4  # PMG's L_dp
    alpha: float = 0.15
    epsilon: float = 0.3  # share of the local grey range
    fall: float = 0.4
    patience: float = 1.5
    slack: int = 12
    polarity: Polarity = "auto"

    def __post_init__(self) -> None:
        check_ranges(self, reach=(1, 1000), most=(1, 10**6), length=(1, 1000), depth=(0, 1000), alpha=(0, 1))
        check_ranges(self, epsilon=(0, 1e6), fall=(0, 1e6), patience=(0, 1e6), slack=(0, 10**6))
        if self.tau is not None and not 0 < self.tau < 1:
            raise OptionError(f"tau is {self.tau:g}; choose a share between 0 and 1, or leave it out")

    def __call__(self, image: Image, points: Points) -> Instances:
        return self.draw(image, points).instances

    def draw(self, image: Image, points: Points) -> Drawing:
        """Masks, and the smallest over the largest size that the energies would take; 0 where none had a peak."""
        clicks = clicks_of(points, image)
        instances = np.zeros(image.shape, dtype=np.int32)
        stats = np.zeros((len(clicks), 3))
        energies = [self._energy(vote) for vote in VOTES]
        limits = _growth.Limits(
            reach=self.reach, most=self.most, length=self.length, depth=self.depth, alpha=self.alpha
        )
        _growth.fuse(grey_levels(image), clicks, energies, limits, sign_of(self.polarity), instances, stats)
        drawing = Drawing(instances, stats[:, 1] / np.maximum(stats[:, 2], 1), stats[:, 0].astype(np.int64))
        return drawing if self.tau is None else at_level(image, clicks, drawing, self.tau)

    def _energy(self, vote: Vote) -> _growth.Energy:
        return _growth.Energy(
            size=vote.size,
            saliency=1.0,
            edge=vote.edge,
            homogeneity=vote.homogeneity,
            geometry=1.0,
            epsilon=self.epsilon,
            support=vote.support,
            warmup=3,
            complete=vote.complete,
            fall=self.fall,
            patience=self.patience,
            slack=self.slack,
        )
