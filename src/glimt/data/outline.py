"""The outline of a mask along the edges of its pixels, as one closed polygon.

Filling it by the even-odd rule gives back exactly the mask's pixels. Holes, and parts that touch nowhere, are joined to
the first ring by a bridge that is walked there and back, which adds no area.
"""

import numpy as np

from glimt.core.types import Mask
from glimt.data.regions import Polygon

Corner = tuple[int, int]  # (x, y), pixel edges at whole numbers


def outline(mask: Mask) -> Polygon:
    """The corners (x, y) of the polygon around the pixels of `mask`, which must have one."""
    rings = [straightened(ring) for ring in rings_of(edges_of(mask))]
    path = rings[0] + rings[0][:1]
    for ring in rings[1:]:
        path += ring + ring[:1] + path[:1]
    closing = 1 if path[-1] == path[0] else 0
    return np.array(path[: len(path) - closing], dtype=float)


def edges_of(mask: Mask) -> dict[Corner, list[Corner]]:
    """Each side of a pixel that separates it from the outside, from corner to corner with the pixel on its right."""
    padded = np.pad(mask, 1)
    sides = (  # the neighbour's offset, then start and end of the side as offsets from the pixel's corner (x, y)
        ((-1, 0), (0, 0), (1, 0)),
        ((0, 1), (1, 0), (1, 1)),
        ((1, 0), (1, 1), (0, 1)),
        ((0, -1), (0, 1), (0, 0)),
    )
    following: dict[Corner, list[Corner]] = {}
    for neighbour, start, end in sides:
        outside = padded & ~np.roll(padded, (-neighbour[0], -neighbour[1]), axis=(0, 1))
        for row, col in (np.argwhere(outside) - 1).tolist():
            following.setdefault((col + start[0], row + start[1]), []).append((col + end[0], row + end[1]))
    return following


def rings_of(following: dict[Corner, list[Corner]]) -> list[list[Corner]]:
    """Closed walks that use every side once. Where two pixels touch at a corner, a walk goes on along the other."""
    rings = []
    while following:
        start = min(following, key=lambda corner: corner[::-1])
        ring, here, before = [], start, start
        while not ring or here != start:
            ring.append(here)
            ends = following[here]
            left = (here[0] + here[1] - before[1], here[1] - here[0] + before[0])
            after = left if left in ends else ends[0]
            ends.remove(after)
            if not ends:
                del following[here]
            before, here = here, after
        rings.append(ring)
    return rings


def straightened(ring: list[Corner]) -> list[Corner]:
    """The ring without corners in the middle of a straight side."""
    around = zip(ring[-1:] + ring[:-1], ring, ring[1:] + ring[:1], strict=True)
    return [here for (x0, y0), here, (x1, y1) in around if x0 != x1 and y0 != y1]
