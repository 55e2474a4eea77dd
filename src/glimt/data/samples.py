"""Read what a record points at: the frame, its points, its true mask."""

import numpy as np

from glimt.core.errors import DataError
from glimt.core.frames import read_frame, read_mask
from glimt.core.raw import RawFormat
from glimt.core.types import Mask, Record, Sample
from glimt.data.regions import union


def read(record: Record, raw: RawFormat | None = None) -> Sample:
    """The frame in memory; its label is the true mask as 0 and 1, None where nothing is known.

    `raw` says how to read a headerless frame.
    """
    image = read_frame(record.image, raw)
    mask = true_mask(record, image.shape)
    points = np.array(record.points, dtype=float).reshape(-1, 2)
    return Sample(record.id, image, points, None if mask is None else mask.astype(np.float32))


def true_mask(record: Record, shape: tuple[int, ...]) -> Mask | None:
    """The record's mask for a frame of `shape`; None where only boxes, points or nothing are known.

    Raises DataError naming both shapes where they differ.
    """
    if record.mask is not None:
        return same_shape(read_mask(record.mask), shape, record)
    if record.regions:
        refuse_other_sizes(record, shape)
        return union(record.regions)
    return np.zeros(shape, dtype=bool) if record.empty else None


def refuse_other_sizes(record: Record, shape: tuple[int, ...]) -> None:
    """Raise DataError where a region is not for a frame of `shape`."""
    for region in record.regions:
        if region.size != tuple(shape):
            raise DataError(f"{record.id}: mask is {region.size}, image is {tuple(shape)}")


def same_shape(mask: Mask, shape: tuple[int, ...], record: Record) -> Mask:
    """`mask`, if it is of `shape`."""
    if mask.shape != tuple(shape):
        raise DataError(f"{record.id}: mask is {mask.shape}, image is {tuple(shape)}")
    return mask
