"""The frame and mask that a clean copy holds, or the reason why it cannot hold them."""

import cv2
import numpy as np
from jaxtyping import Bool

from glimt.core.errors import DataError
from glimt.core.frames import Pixels, read_mask, read_pixels
from glimt.core.targets import label
from glimt.core.types import Mask, Record
from glimt.data.levels import stored_levels
from glimt.data.samples import true_mask


def clean_frame(record: Record) -> Pixels:
    """Grey levels of 8 or 16 bits; floats are spread over 16 bits."""
    return stored_levels(record.place)


def clean_mask(record: Record, shape: tuple[int, int]) -> Mask | None:
    """A binary mask of the frame's size. Raises DataError where it cannot be made so safely."""
    if record.mask is None:
        return true_mask(record, shape)
    mask = bright_part(record)
    if mask.shape == shape:
        return mask
    resized = resize_mask(mask, shape)
    if resized is None:
        raise DataError(f"mask is {mask.shape}, image is {shape}")
    return resized


def bright_part(record: Record) -> Mask:
    """A mask as it is read; where that is empty, what is over half of the brightest level."""
    assert record.mask is not None
    mask = read_mask(record.mask)
    if mask.any():
        return mask
    pixels = read_pixels(record.mask)
    return pixels > max(float(pixels.max()) / 2, 0)


def resizable(record: Record, shape: tuple[int, int]) -> bool:
    """Whether a mask can take a frame's size without harm."""
    return resize_mask(bright_part(record), shape) is not None


def resize_mask(mask: Mask, shape: tuple[int, int]) -> Bool[np.ndarray, "rows cols"] | None:
    """The mask in another size, nearest pixel; None when the shape is another, or the number of targets changes."""
    rows, cols = mask.shape
    if abs(rows * shape[1] / shape[0] - cols) > 1:
        return None
    size = shape[1], shape[0]
    resized = cv2.resize(mask.view(np.uint8), size, interpolation=cv2.INTER_NEAREST_EXACT).astype(bool)
    return resized if label(resized)[1] == label(mask)[1] else None
