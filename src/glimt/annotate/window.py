"""Cut the part of a frame that a labeler looks at, so that a click costs the same on a large frame as on a small one.

The answer stays that on the whole frame: a labeler of the house sees no pixel farther from a click than `view_of` says,
no other click farther than twice that, and the order in which it takes pixels does not depend on where they lie in the
frame. A labeler that looks at the whole frame, such as a network, is given the whole frame.
"""

import math
from typing import Any

import numpy as np
from jaxtyping import Bool

from glimt.annotate.frames import Opened
from glimt.core.types import Points
from glimt.labelers.box import Box
from glimt.labelers.fuse import Fuse
from glimt.labelers.labeler import Labeler, clicks_of, draw, grey_levels
from glimt.labelers.p2b import P2b
from glimt.labelers.pamg import Pamg
from glimt.labelers.pmg import Pmg

RANGE = 20  # px; how far the kernel looks for the local grey range and for the polarity
LEVEL = 31  # px; how far `tau` looks for the level around a target

Pixels = Bool[np.ndarray, "_ _"]  # `_`, as cuts differ in size
Drawn = tuple[Pixels, tuple[int, int], float]  # the pixels, the frame's pixel they begin at, the labeler's trust


def view_of(labeler: Any) -> int | None:
    """How many px from a click a labeler looks; None for the whole frame, and for what is not known."""
    match labeler:
        case Pamg():
            return max(RANGE, 4, math.ceil(3 * labeler.support)) + 1
        case Pmg():
            return max(RANGE, labeler.length, labeler.depth) + 1
        case Fuse():
            return max(RANGE, labeler.reach + max(labeler.length, labeler.depth), LEVEL) + 1
        case Box():
            return labeler.side
        case P2b():
            views = view_of(labeler.inner), view_of(Pmg(length=labeler.length, depth=labeler.depth))
            return None if None in views else max(view for view in views if view is not None)
    return None


def draw_near(labeler: Labeler, frame: Opened, points: Points) -> Drawn:
    """The mask of the first of the points, the others being clicks on something else."""
    clicks = clicks_of(points, frame.image).astype(float)
    view = view_of(labeler)
    if view is None:
        return draw_whole(labeler, frame, points)
    near = neighbours(clicks, view, isinstance(labeler, Fuse) and labeler.tau is not None)
    start = np.maximum(near.min(axis=0) - view, 0).astype(int)
    stop = (np.maximum(near.max(axis=0), clicks[0]) + view + 1).astype(int)
    top, left = start.tolist()
    cut = np.ascontiguousarray(frame.image[top : stop[0], left : stop[1]])
    if grey_levels(cut).dtype.name != frame.kind:  # by chance all its levels are coarser ones than the frame's
        return draw_whole(labeler, frame, points)
    drawing = draw(labeler, cut, near - start)
    return drawing.instances == 1, (top, left), float(drawing.quality[0])


def neighbours(clicks: Points, view: int, chained: bool) -> Points:
    """The clicks that the first one's mask can depend on, itself first.

    `chained`: on the masks of its neighbours too, so on their neighbours as well, and so on.
    """
    chosen = np.zeros(len(clicks), dtype=bool)
    edge = np.arange(len(clicks)) == 0
    while edge.any():
        chosen |= edge
        apart = np.abs(clicks[:, None] - clicks[edge]).max(axis=2).min(axis=1)
        near = ~chosen & (apart <= 2 * view)
        chosen |= near
        edge = near & chained
    return clicks[chosen]


def draw_whole(labeler: Labeler, frame: Opened, points: Points) -> Drawn:
    """The same from the whole frame."""
    drawing = draw(labeler, frame.image, points)
    return drawing.instances == 1, (0, 0), float(drawing.quality[0])
