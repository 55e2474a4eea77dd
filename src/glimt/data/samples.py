"""From a record to arrays in memory."""

import numpy as np

from glimt.core.errors import DataError
from glimt.core.frames import read_frame, read_mask
from glimt.core.types import Mask, Record, Sample


def read(record: Record) -> Sample:
    """The frame, its points, and its mask as 0 and 1 where there is one."""
    image = read_frame(record.image)
    mask = true_mask(record, image.shape)
    points = np.asarray(record.points, dtype=float).reshape(-1, 2)
    return Sample(record.id, image, points, None if mask is None else mask.astype(np.float32))


def true_mask(record: Record, shape: tuple[int, ...]) -> Mask | None:
    """The true mask of a frame of that shape. Raises DataError naming both shapes where they differ."""
    if record.mask is None:
        return None
    mask = read_mask(record.mask)
    if mask.shape != shape:
        raise DataError(f"{record.id}: mask is {mask.shape}, image is {shape}")
    return mask
