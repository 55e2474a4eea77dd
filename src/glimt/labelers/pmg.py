"""PMG, point-to-mask generation (HMG, paper 003, section 3.1): a point becomes a box (P2B), the box a mask (B2M)."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int

from glimt.core.types import Image, Instances, Points
from glimt.labelers import _growth
from glimt.labelers.labeler import Drawing, Polarity, check_ranges, clicks_of, grey_levels, sign_of


@dataclass(frozen=True)
class Pmg:
    """`length` and `depth` are the paper's L_ep and L_dp in pixels, `alpha` the weight of the click in Eq. 1.

    The paper sets L_ep = 25, and 10 on NUDT-SIRST.
    """

    length: int = 25
    depth: int = 4
    alpha: float = 0.15
    polarity: Polarity = "auto"

    def __post_init__(self) -> None:
        check_ranges(self, length=(1, 1000), depth=(0, 1000), alpha=(0, 1))

    def __call__(self, image: Image, points: Points) -> Instances:
        return self.draw(image, points).instances

    def draw(self, image: Image, points: Points) -> Drawing:
        """Masks, and the share of each over which the global and the two directional maps agree."""
        instances, stats = self._run(image, points)
        return Drawing(instances, stats[:, 1], stats[:, 0].astype(np.int64))

    def boxes(self, image: Image, points: Points) -> Int[np.ndarray, "n 4"]:
        """P2B alone: (top, left, bottom, right) of each point, bottom and right not included."""
        return self._run(image, points)[1][:, 2:].astype(np.int64)

    def _run(self, image: Image, points: Points) -> tuple[Instances, np.ndarray]:
        clicks = clicks_of(points, image)
        instances = np.zeros(image.shape, dtype=np.int32)
        stats = np.zeros((len(clicks), 6))
        options = self.length, self.depth, self.alpha, sign_of(self.polarity)
        _growth.pmg(grey_levels(image), clicks, *options, instances, stats)
        return instances, stats
