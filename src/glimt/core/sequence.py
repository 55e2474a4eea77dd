"""Frames of one file that may hold many: a video, a TIFF with pages, or a single frame."""

from collections.abc import Iterator
from pathlib import Path

from glimt.core.encoded import tiff_pages
from glimt.core.errors import FrameError
from glimt.core.frames import FRAME_SUFFIXES, read_frame
from glimt.core.pages import count_pages, iter_pages, read_page
from glimt.core.types import Image
from glimt.core.video import VIDEO_SUFFIXES, count_video, iter_video, read_video_frame


def iter_frames(path: Path) -> Iterator[Image]:
    """Every frame of a file in [0, 1], one in memory at a time."""
    kind = kind_of(path)
    if kind == "video":
        yield from iter_video(path)
    elif kind == "pages":
        yield from iter_pages(path)
    else:
        yield read_frame(path)


def count_frames(path: Path) -> int:
    """How many frames a file holds, counted, not believed."""
    kind = kind_of(path)
    if kind == "video":
        return count_video(path)
    return count_pages(path) if kind == "pages" else 1


def read_frame_at(path: Path, i: int) -> Image:
    """Frame `i` of a file, counted from zero."""
    kind = kind_of(path)
    if kind == "video":
        return read_video_frame(path, i)
    if kind == "pages":
        return read_page(path, i)
    if i != 0:
        raise FrameError(f"{path} has frame 0 only, {i} was asked")
    return read_frame(path)


def kind_of(path: Path) -> str:
    """One of video, pages, frame. A TIFF of one page is a frame, and needs nothing installed."""
    suffix = path.suffix.lower()
    if suffix in VIDEO_SUFFIXES:
        return "video"
    if suffix in (".tif", ".tiff"):
        return "pages" if tiff_pages(path) > 1 else "frame"
    if suffix in FRAME_SUFFIXES:
        return "frame"
    known = " ".join((*FRAME_SUFFIXES, *VIDEO_SUFFIXES))
    raise FrameError(f"{path}: no frame or video file by its name; known endings: {known}")
