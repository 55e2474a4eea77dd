"""A protocol: what makes a found mask of a score map, at which size, who may match whom, and what is counted."""

from dataclasses import dataclass

import cv2
import numpy as np

from glimt.core.errors import DataError
from glimt.core.types import Points
from glimt.metrics.matching import Matcher, greedy_first
from glimt.metrics.metric import Metric
from glimt.metrics.pair import AnyMap, AnyMask, Comparison, Pair


@dataclass(frozen=True)
class Profile:
    """A named protocol. Two numbers compare only when their protocols do."""

    name: str
    metrics: tuple[Metric, ...]
    match: Matcher = greedy_first
    threshold: float = 0.5
    inclusive: bool = False  # whether a score equal to the threshold is found
    size: tuple[int, int] | None = None  # what everything is resized to; None: as it is
    points: bool = False  # whether the truth may be points without masks

    def compare(self, pair: Pair) -> Comparison:
        """The pair under this protocol. Raises DataError where sizes do not go together, or points do not do."""
        if pair.points is not None and not self.points:
            raise DataError(f"{pair.id}: only points are known, and profile {self.name} wants masks; use points")
        if pair.found.shape not in (pair.true.shape, self.size):
            raise DataError(f"{pair.id}: found map is {pair.found.shape}, true mask is {pair.true.shape}")
        found, scores = self.threshold_map(pair.found)
        return Comparison(
            found=found,
            true=self.resize_mask(pair.true),
            match=self.match,
            scores=scores,
            image=None if pair.image is None else self.resize(self.checked_image(pair)),
            points=None if pair.points is None else in_raster_order(pair.points),
        )

    def threshold_map(self, found: AnyMap | AnyMask) -> tuple[AnyMask, AnyMap | None]:
        """The found mask, and the scores it came from."""
        if found.dtype == bool:
            return self.resize_mask(found), None
        scores = self.resize(found)
        return scores >= self.threshold if self.inclusive else scores > self.threshold, scores

    def resize(self, values: AnyMap) -> AnyMap:
        """Bilinear, as the loaders of such protocols do with images."""
        if self.size is None or values.shape == self.size:
            return values
        return cv2.resize(values, self.size[::-1], interpolation=cv2.INTER_LINEAR)

    def resize_mask(self, mask: AnyMask) -> AnyMask:
        """Nearest neighbour with PIL's choice of neighbour, as the loaders of such protocols do with masks."""
        if self.size is None or mask.shape == self.size:
            return mask
        return cv2.resize(mask.view(np.uint8), self.size[::-1], interpolation=cv2.INTER_NEAREST_EXACT).view(bool)

    def checked_image(self, pair: Pair) -> AnyMap:
        """The frame, which must have the true mask's size."""
        assert pair.image is not None
        if pair.image.shape != pair.true.shape:
            raise DataError(f"{pair.id}: frame is {pair.image.shape}, true mask is {pair.true.shape}")
        return pair.image


def in_raster_order(points: Points) -> Points:
    """By row, then by column: the order in which the blobs of a mask are numbered."""
    return points[np.lexsort((points[:, 1], points[:, 0]))]
