"""How large a frame is, without decoding it where the file's head says so."""

from functools import lru_cache
from pathlib import Path

from glimt.core.errors import FrameError
from glimt.core.frames import read_pixels
from glimt.core.sequence import read_frame_at
from glimt.core.types import Place
from glimt.core.video import VIDEO_SUFFIXES

PNG = b"\x89PNG\r\n\x1a\n"


def place_shape(place: Place) -> tuple[int, int]:
    """(rows, cols) of the frame that lies there; every frame of a video has the size of its first."""
    if place.page is None:
        return frame_shape(place.file)
    if place.file.suffix.lower() in VIDEO_SUFFIXES and place.file.is_file():
        note = place.file.stat()
        return _video_shape(place.file, note.st_mtime_ns, note.st_size)
    rows, cols = read_frame_at(place.file, place.page).shape
    return rows, cols


@lru_cache(maxsize=256)
def _video_shape(video: Path, changed: int, size: int) -> tuple[int, int]:
    rows, cols = read_frame_at(video, 0).shape
    return rows, cols


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
