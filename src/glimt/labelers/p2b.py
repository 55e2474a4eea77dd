"""P2B in front of another labeler (HMG, paper 003, Table 3): what it draws outside the point's box is dropped."""

from dataclasses import dataclass

import numpy as np

from glimt.core.types import Image, Instances, Points
from glimt.labelers.labeler import Drawing, Labeler, check_ranges, clicks_of, draw
from glimt.labelers.make import make_labeler, prior_of
from glimt.labelers.pmg import Pmg


@dataclass(frozen=True)
class P2b:
    """`labeler` is the one behind the box, by name or run; `length` and `depth` are P2B's L_ep and L_dp in pixels."""

    labeler: str = "pamg"
    length: int = 25
    depth: int = 4

    def __post_init__(self) -> None:
        check_ranges(self, length=(1, 1000), depth=(0, 1000))

    @property
    def inner(self) -> Labeler:
        """The labeler behind the box."""
        return make_labeler(self.labeler)

    @property
    def prior(self) -> str:
        """The prior of the labeler behind the box; the box itself needs the point alone."""
        return prior_of(self.inner)

    def __call__(self, image: Image, points: Points) -> Instances:
        return self.draw(image, points).instances

    def draw(self, image: Image, points: Points) -> Drawing:
        """The inner labeler's masks within the boxes, with its quality; the point itself always stays."""
        clicks = clicks_of(points, image)
        boxes = Pmg(length=self.length, depth=self.depth).boxes(image, points)
        inner = draw(self.inner, image, points)
        kept = np.zeros_like(inner.instances)
        for i, (top, left, bottom, right) in enumerate(boxes, start=1):
            window = slice(top, bottom), slice(left, right)
            kept[window][inner.instances[window] == i] = i
        owner = kept[clicks[:, 0], clicks[:, 1]]
        kept[clicks[:, 0], clicks[:, 1]] = np.where(owner > 0, owner, np.arange(1, len(clicks) + 1))
        return inner._replace(instances=kept)
