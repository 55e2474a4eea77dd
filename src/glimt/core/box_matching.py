"""BBM, bounding-box matching (EDGSP, paper 004): each click keeps one blob of a mask, and blobs without a click go.

Only boxes are compared, so a click one pixel beside a blob still has it, and a click within the box of a bent blob has
it too. A point is taken as the pixel it lies in by truncation, as the paper's clicks are.
"""

import numpy as np
from jaxtyping import Int
from scipy import ndimage

from glimt.core.targets import label
from glimt.core.types import Instances, Mask, Points

MARGIN = 1  # px around a box in which a click still counts, ends included


def match_boxes(mask: Mask, points: Points) -> Instances:
    """The blob of each point, as instance i + 1 for points[i]; a point without one has no pixels.

    Points come in raster order, and each takes the first blob left, in raster order too, whose box it is in.
    """
    labels, count = label(np.ascontiguousarray(mask))
    tops, bottoms = box_ends(labels)
    instance = np.zeros(count + 1, dtype=labels.dtype)  # of each blob; 0 where no point has it
    places = points.astype(np.int64)
    for i in np.lexsort((places[:, 1], places[:, 0])):
        inside = ((tops - MARGIN <= places[i]) & (places[i] < bottoms + MARGIN)).all(axis=1)
        fits = np.flatnonzero(inside & (instance[1:] == 0))
        if fits.size:
            instance[fits[0] + 1] = i + 1
    return instance[labels]


def box_ends(labels: Instances) -> tuple[Int[np.ndarray, "n 2"], Int[np.ndarray, "n 2"]]:
    """(top, left) and (bottom, right) of each region of `labels`; bottom and right are not included."""
    boxes = [[(side.start, side.stop) for side in box] for box in ndimage.find_objects(labels)]
    ends = np.array(boxes, dtype=np.int64).reshape(-1, 2, 2)
    return ends[:, :, 0], ends[:, :, 1]
