"""What is scored: one image's found map beside its true mask, and the two compared under a protocol."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float

from glimt.core.targets import Targets, label
from glimt.core.types import Image, Instances, Mask, Points, ScoreMap
from glimt.metrics.cutout import targets_on_cutout
from glimt.metrics.matching import Matcher, Matches, pair_ious

AnyMap = Float[np.ndarray, "_ _"]  # of a size that a profile judges
AnyMask = Bool[np.ndarray, "_ _"]


@dataclass(frozen=True)
class Pair:
    """One image: what was found (a score map or a mask), what is true, and the frame where it is at hand."""

    found: AnyMap | AnyMask
    true: AnyMask
    image: AnyMap | None = None
    id: str = ""
    points: Points | None = None  # where the targets are, when no more is known: `true` has a pixel a point
    sequence: str | None = None  # what it is a frame of


@dataclass(frozen=True)
class Comparison:
    """A pair as a protocol sees it: thresholded, resized, with a way to match. What is shared is worked out once."""

    found: Mask
    true: Mask
    match: Matcher
    scores: ScoreMap | None = None  # None when only a mask was given
    image: Image | None = None
    points: Points | None = None  # the true targets, when only their places are known

    @cached_property
    def targets(self) -> tuple[Targets, Targets]:
        """The blobs of the found and of the true mask; their labels are on a common cut-out of the frame.

        Where only points are known, each is a true target of one pixel, its centroid the point itself.
        """
        found, true = targets_on_cutout(self.found, self.true)
        if self.points is None:
            return found, true
        return found, Targets(true.labels, self.points, np.ones(len(self.points), dtype=np.int64))

    @property
    def found_targets(self) -> Targets:
        """The blobs of the found mask, in raster order."""
        return self.targets[0]

    @property
    def true_targets(self) -> Targets:
        """The blobs of the true mask, in raster order."""
        return self.targets[1]

    @cached_property
    def true_labels(self) -> Instances:
        """The true targets on the whole frame, numbered from one in the same order."""
        return label(self.true)[0]

    @cached_property
    def shared_pixels(self) -> int:
        """Pixels of both masks."""
        return int(np.count_nonzero(self.found_targets.labels * self.true_targets.labels))

    @cached_property
    def matches(self) -> Matches:
        """Who found whom, by the protocol's matcher."""
        return self.match(self.found_targets, self.true_targets)

    @cached_property
    def hit(self) -> Bool[np.ndarray, " n"]:
        """Which true targets were found."""
        return np.bincount(self.matches.true, minlength=len(self.true_targets.areas)) > 0

    @cached_property
    def used(self) -> Bool[np.ndarray, " n"]:
        """Which found targets hit a true one."""
        return np.bincount(self.matches.found, minlength=len(self.found_targets.areas)) > 0

    @cached_property
    def match_ious(self) -> Float[np.ndarray, " k"]:
        """IoU of each matched pair of targets."""
        return pair_ious(self.found_targets, self.true_targets, self.matches.found, self.matches.true)

    @cached_property
    def target_ious(self) -> Float[np.ndarray, " n"]:
        """IoU of each true target with the best found target matched to it; 0 where there is none."""
        best = np.zeros(len(self.true_targets.areas))
        np.maximum.at(best, self.matches.true, self.match_ious)
        return best
