"""Headerless frames: the type, the size and the offset come from the user, written like `uint16:480x640`."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from glimt.core.errors import FrameError, OptionError

TYPES = ("uint8", "uint16", "int16", "float32", "float64")
TEXT = re.compile(r"(?P<dtype>[<>]?\w+):(?P<rows>\d+)x(?P<cols>\d+)(?:\+(?P<offset>\d+))?")


@dataclass(frozen=True)
class RawFormat:
    """How a headerless file is laid out: `dtype`, with `>` for big-endian, `shape` (rows, cols), `offset` in bytes."""

    dtype: str
    shape: tuple[int, int]
    offset: int = 0

    def __post_init__(self) -> None:
        if self.dtype.lstrip("<>") not in TYPES:
            raise OptionError(
                f"raw type {self.dtype!r}: choose one of {', '.join(TYPES)}, with > in front for big-endian"
            )
        if min(self.shape) < 1 or self.offset < 0:
            got = f"{self.dtype} of {self.shape} behind {self.offset} bytes"
            raise OptionError(f"raw format {got}: rows and cols start at 1, the offset at 0")

    @property
    def type(self) -> np.dtype:
        """The type of one pixel."""
        return np.dtype(self.dtype.lstrip("<>")).newbyteorder(">" if self.dtype.startswith(">") else "<")

    @property
    def bytes(self) -> int:
        """Bytes of one frame."""
        return self.type.itemsize * self.shape[0] * self.shape[1]


def parse_raw(text: str) -> RawFormat:
    """Read `uint16:480x640`, or `>uint16:480x640+2048` for a big-endian frame behind 2048 bytes."""
    match = TEXT.fullmatch(text.strip())
    if match is None:
        raise OptionError(
            f"raw format {text!r}: write TYPE:ROWSxCOLS, e.g. uint16:480x640, or uint16:480x640+2048 to skip bytes"
        )
    return RawFormat(match["dtype"], (int(match["rows"]), int(match["cols"])), int(match["offset"] or 0))


def read_raw(path: Path, raw: RawFormat) -> np.ndarray:
    """The numbers of a headerless file. Raises FrameError when the size on disk is not offset + rows * cols * bytes."""
    try:
        got = path.stat().st_size
        if got == raw.offset + raw.bytes:
            pixels = np.fromfile(path, raw.type, raw.shape[0] * raw.shape[1], offset=raw.offset)
            return pixels.reshape(raw.shape).astype(raw.type.newbyteorder("="), copy=False)
    except OSError as error:
        raise FrameError(f"cannot read {path}: {error.strerror or error}") from error
    rows, cols = raw.shape
    expected = (
        f"{raw.dtype} of {rows} rows x {cols} cols behind {raw.offset} bytes takes {raw.offset + raw.bytes} bytes"
    )
    raise FrameError(f"{path}: {expected}, the file has {got}; check the type, the size and the offset")
