"""Decode PNG, TIFF, BMP and JPEG files as they are.

A file that ends early is refused: decoding happens from memory, for `cv2.imread` hands over the half it could read.
"""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from glimt.core.errors import FrameError

PNG = b"\x89PNG\r\n\x1a\n"

opencv_log: Any = cv2 if hasattr(cv2, "setLogLevel") else cv2.utils.logging  # it moved between OpenCV 4 and 5


def decode(path: Path) -> np.ndarray:
    """The numbers of an image file: (h, w), or (h, w, channels) in the order blue, green, red, alpha."""
    code = read_bytes(path)
    if cut_png(code):
        raise FrameError(f"cannot decode {path}: the PNG is damaged or cut short after {code.size} bytes")
    pixels = decode_bytes(code)
    if pixels is None:
        raise FrameError(f"cannot decode {path}: it is damaged, cut short, or no PNG, TIFF, BMP or JPEG")
    if blended_tiff(code, pixels):
        raise FrameError(
            f"{path}: an 8-bit TIFF with transparent pixels cannot be read exactly; save it without alpha, or as PNG"
        )
    return pixels


def read_bytes(path: Path) -> np.ndarray:
    """A file's bytes. Raises FrameError where there is nothing to read."""
    try:
        code = np.fromfile(path, dtype=np.uint8)
    except OSError as error:
        raise FrameError(f"cannot read {path}: {error.strerror or error}") from error
    if not code.size:
        raise FrameError(f"{path} is empty: 0 bytes")
    return code


def cut_png(code: np.ndarray) -> bool:
    """Whether these bytes are a PNG with a missing or damaged chunk; OpenCV sees it too, but prints."""
    view, at = code.data, len(PNG)
    if view[:at] != PNG:
        return False
    while at + 12 <= len(view):  # length, name, content, checksum
        size = int.from_bytes(view[at : at + 4])
        name, end = view[at + 4 : at + 8], at + 8 + size
        if zlib.crc32(view[at + 4 : end]) != int.from_bytes(view[end : end + 4]):
            return True
        if name == b"IEND":
            return False
        at = end + 4
    return True


def blended_tiff(code: np.ndarray, pixels: np.ndarray) -> bool:
    """Whether OpenCV multiplied the colours by alpha, which it does in 8-bit TIFF alone."""
    if code[:2].tobytes() not in (b"II", b"MM") or pixels.dtype != np.uint8 or pixels.shape[2:] != (4,):
        return False
    return bool((pixels[:, :, 3] < 255).any())


def decode_bytes(code: np.ndarray) -> np.ndarray | None:
    """What OpenCV reads; None when it cannot."""
    with quiet_opencv():
        try:
            return cv2.imdecode(code, cv2.IMREAD_UNCHANGED)
        except cv2.error:
            return None


def tiff_pages(path: Path) -> int:
    """How many pages a TIFF file holds; 0 when it cannot be read."""
    with quiet_opencv():
        return cv2.imcount(str(path), cv2.IMREAD_UNCHANGED)


@contextmanager
def quiet_opencv() -> Iterator[None]:
    """Keep OpenCV's remarks (on unknown TIFF tags, say) off standard error."""
    level = opencv_log.getLogLevel()
    opencv_log.setLogLevel(0)
    try:
        yield
    finally:
        opencv_log.setLogLevel(level)
