"""Read one frame or one mask from a file.

Colour becomes grey by Rec. 601 (0.299 R + 0.587 G + 0.114 B, rounded), palettes are expanded first, alpha is ignored,
and EXIF rotation too: the pixels stay where masks and points expect them.
"""

from pathlib import Path

import cv2
import numpy as np
from jaxtyping import Shaped

from glimt.core.encoded import decode
from glimt.core.errors import FrameError
from glimt.core.mat import read_mat
from glimt.core.raw import RawFormat, read_raw
from glimt.core.types import Image, Mask

FRAME_SUFFIXES = (".png", ".tif", ".tiff", ".bmp", ".jpg", ".jpeg")

Pixels = Shaped[np.ndarray, "h w"]  # uint8, uint16 or float32


def read_pixels(path: Path) -> Pixels:
    """The file's own grey levels: uint8, uint16, or float32 for every other type. Of several pages, the first.

    Of a MATLAB file, which holds the frames before it too, the last plane.
    """
    return own_levels(read_mat(path) if path.suffix.lower() == ".mat" else grey(decode(path)), path)


def read_frame(path: Path, raw: RawFormat | None = None) -> Image:
    """One frame in [0, 1]; `raw` says how to read a headerless file."""
    return to_image(own_levels(read_raw(path, raw), path) if raw else read_pixels(path))


def read_mask(path: Path) -> Mask:
    """True above half of the type's range: over 127, over 32767, or over 0.5 for floats."""
    pixels = read_pixels(path)
    return pixels > top(pixels) / 2


def to_image(pixels: Pixels) -> Image:
    """Grey levels as float32 in [0, 1].

    Integers are divided by their type's maximum, so no level is lost. Floats already in [0, 1] stay as they are;
    others (degrees, counts) are mapped so that the frame's minimum is 0 and its maximum 1.
    """
    if pixels.dtype != np.float32:
        image = pixels.astype(np.float32)
        image /= np.float32(top(pixels))
        return image
    low, high = pixels.min(), pixels.max()
    return pixels if low >= 0 and high <= 1 else spread(pixels, low, high)


def spread(pixels: Pixels, low: np.float32, high: np.float32) -> Image:
    """Map low..high to 0..1, by halves, for a difference of two floats can be more than a float holds."""
    half = high * np.float32(0.5) - low * np.float32(0.5)
    image = pixels * np.float32(0.5)
    image -= low * np.float32(0.5)
    image /= half or np.float32(1)
    return image


def top(pixels: Pixels) -> float:
    """The value that stands for white."""
    return 1.0 if pixels.dtype.kind == "f" else float(np.iinfo(pixels.dtype).max)


def grey(pixels: np.ndarray) -> Pixels:
    """Drop alpha, and turn blue-green-red into grey."""
    if pixels.ndim == 2:
        return pixels
    if pixels.shape[2] == 1:
        return pixels[:, :, 0]
    if pixels.shape[2] == 2:  # grey and alpha
        return np.ascontiguousarray(pixels[:, :, 0])
    return cv2.cvtColor(pixels, cv2.COLOR_BGRA2GRAY if pixels.shape[2] == 4 else cv2.COLOR_BGR2GRAY)


def own_levels(pixels: Pixels, path: Path) -> Pixels:
    """The levels as uint8, uint16 or finite float32. Raises FrameError for an empty frame, NaN and infinities."""
    if not pixels.size:
        raise FrameError(f"{path}: the frame is {pixels.shape[0]} rows x {pixels.shape[1]} cols, it holds no pixel")
    if pixels.dtype in (np.uint8, np.uint16):
        return pixels
    with np.errstate(over="ignore"):
        levels = pixels.astype(np.float32, copy=False)
    bad = levels.size - int(np.count_nonzero(np.isfinite(levels)))
    if bad:
        raise FrameError(f"{path}: {bad} of {levels.size} pixels are NaN or infinite; replace them by a finite value")
    return levels
