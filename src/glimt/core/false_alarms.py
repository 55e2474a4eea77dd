"""Drop what lies far from every point: false alarm filtering, FAF of HMG (paper 003, section 3.2.1)."""

import numpy as np

from glimt.core.targets import targets
from glimt.core.types import Mask, Points


def filter_false_alarms(mask: Mask, points: Points, radius: float = 30.0) -> Mask:
    """The blobs of `mask` whose centroid lies within `radius` px of a point, rows and columns summed (L1)."""
    blobs = targets(mask)
    apart = np.abs(blobs.centroids[:, None] - points[None]).sum(axis=2)
    kept = np.concatenate([[False], (apart <= radius).any(axis=1)])
    return kept[blobs.labels]
