"""Read what a record points at: the frame, its points, its true mask."""

import numpy as np

from glimt.core.errors import DataError
from glimt.core.frames import read_frame, read_mask
from glimt.core.raw import RawFormat
from glimt.core.sequence import read_frame_at
from glimt.core.types import Image, Mask, Place, Record, Sample
from glimt.data.regions import union


def read(record: Record, raw: RawFormat | None = None) -> Sample:
    """The frame in memory; its label is the true mask as 0 and 1, None where nothing is known.

    `raw` says how to read a headerless frame.
    """
    image = read_place(record.place, raw)
    mask = true_mask(record, image.shape)
    points = np.array(record.points, dtype=float).reshape(-1, 2)
    label = None if mask is None else mask.astype(np.float32)
    return Sample(record.id, image, points, label, read_around(record, image))


def read_around(record: Record, image: Image) -> tuple[Image, ...]:
    """The frames around the record's own. Raises DataError where one is of another size."""
    frames = tuple(image if place == record.place else read_place(place) for place in record.frames)
    for place, frame in zip(record.frames, frames, strict=True):
        if frame.shape != image.shape:
            name = place.file.name if place.page is None else f"frame {place.page} of {place.file.name}"
            raise DataError(
                f"{record.id} is {image.shape[0]} x {image.shape[1]}, but {name} of the same sequence is "
                f"{frame.shape[0]} x {frame.shape[1]}; a sequence has frames of one size"
            )
    return frames


def read_place(place: Place, raw: RawFormat | None = None) -> Image:
    """The frame that lies there."""
    return read_frame(place.file, raw) if place.page is None else read_frame_at(place.file, place.page)


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
