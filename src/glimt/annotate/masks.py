"""A target's pixels as the project keeps them: COCO run lengths of the target's box alone, some tens of bytes."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from glimt.core.errors import DataError
from glimt.core.types import Box, Mask, Point, Region
from glimt.data.regions import Shape, from_counts, mask_of, region_of


@dataclass(frozen=True)
class BoxedMask:
    """`counts` is COCO's compressed text for a frame of the box's own size; the box fits the pixels tightly."""

    box: Box
    counts: str

    @property
    def shape(self) -> Shape:
        """Rows and cols of the box."""
        top, left, bottom, right = self.box
        return bottom - top, right - left

    def pixels(self) -> Mask:
        """The pixels of the box."""
        return mask_of(Region(self.shape, self.counts.encode()))

    def within(self, shape: Shape) -> Mask:
        """The pixels of a whole frame."""
        whole = np.zeros(shape, dtype=bool)
        top, left, bottom, right = self.box
        whole[top:bottom, left:right] = self.pixels()
        return whole

    def middle(self) -> Point:
        """The pixel that is nearest to the centroid, as a place in the frame."""
        pixels = np.argwhere(self.pixels())
        row, col = pixels[((pixels - pixels.mean(axis=0)) ** 2).sum(axis=1).argmin()] + self.box[:2]
        return float(row), float(col)


def boxed(pixels: Mask, top: int = 0, left: int = 0) -> BoxedMask | None:
    """The mask whose pixels begin at (top, left) of the frame, in its tightest box; None where there is no pixel."""
    rows, cols = np.flatnonzero(pixels.any(axis=1)), np.flatnonzero(pixels.any(axis=0))
    if not rows.size:
        return None
    first, last, before, behind = int(rows[0]), int(rows[-1]) + 1, int(cols[0]), int(cols[-1]) + 1
    region = region_of(np.ascontiguousarray(pixels[first:last, before:behind]))
    return BoxedMask((top + first, left + before, top + last, left + behind), region.counts.decode())


def read_mask_text(box: Any, counts: Any, shape: Shape) -> BoxedMask | None:
    """A mask from outside, for a frame of `shape`; None where it has no pixel.

    `counts` is COCO's text or its list of numbers, column by column. Raises DataError where box or counts do not fit.
    """
    top, left, bottom, right = box
    if not (0 <= top < bottom <= shape[0] and 0 <= left < right <= shape[1]):
        raise DataError(f"the box {tuple(box)} does not fit the frame of {shape[0]} rows x {shape[1]} cols")
    try:
        region = from_counts(counts, (bottom - top, right - left))
    except ValueError as error:
        raise DataError(f"the mask in the box {tuple(box)}: {error}") from error
    return boxed(mask_of(region), top, left)


def region_in(mask: BoxedMask, shape: Shape) -> Region:
    """The mask as a region of the whole frame."""
    return region_of(mask.within(shape))
