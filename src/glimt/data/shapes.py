"""How large a frame is, without decoding it where the file's head says so."""

from pathlib import Path

from glimt.core.errors import FrameError
from glimt.core.frames import read_pixels

PNG = b"\x89PNG\r\n\x1a\n"


def frame_shape(path: Path) -> tuple[int, int]:
    """(rows, cols) of a frame."""
    try:
        with path.open("rb") as file:
            head = file.read(26)
    except OSError as error:
        raise FrameError(f"cannot read {path}: {error.strerror or error}") from error
    if head.startswith(PNG) and head[12:16] == b"IHDR" and len(head) >= 24:
        return int.from_bytes(head[20:24]), int.from_bytes(head[16:20])
    rows, cols = read_pixels(path).shape
    return rows, cols
