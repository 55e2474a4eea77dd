"""Frames of a video file, one at a time and by number (needs `pip install "glimt[video]"`).

Frames are numbered from zero in the order they are shown. Grey is the luma, spread to the full range the file declares;
10 to 16 bits keep their precision.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from glimt.core.errors import FrameError, GlimtError
from glimt.core.frames import grey, to_image
from glimt.core.types import Image

VIDEO_SUFFIXES = (".mp4", ".avi", ".mkv", ".mov", ".m4v", ".ts")


def iter_video(path: Path) -> Iterator[Image]:
    """Every frame in [0, 1], in the order of showing."""
    with open_video(path) as video:
        for frame in video.decode(video.streams.video[0]):
            yield to_image(frame_pixels(frame))


def count_video(path: Path) -> int:
    """How many frames are shown, counted in the file: what its header says is often wrong or missing."""
    with open_video(path) as video:
        return len(shown_times(video))


def read_video_frame(path: Path, i: int) -> Image:
    """Frame `i` exactly: jump to the key frame before it, then decode up to its time."""
    with open_video(path) as video:
        times = shown_times(video)
        if not 0 <= i < len(times):
            raise FrameError(f"{path} has frames 0 to {len(times) - 1}, {i} was asked")
        if None not in times and len(set(times)) == len(times):
            video.seek(times[i], stream=video.streams.video[0])
            for frame in video.decode(video.streams.video[0]):
                if frame.pts == times[i]:
                    return to_image(frame_pixels(frame))
    return read_by_counting(path, i)


def read_by_counting(path: Path, i: int) -> Image:
    """Frame `i` of a file whose packets carry no usable times: decode from the start."""
    for number, image in enumerate(iter_video(path)):
        if number == i:
            return image
    raise FrameError(f"{path} ends before frame {i}")


@contextmanager
def open_video(path: Path) -> Iterator[Any]:
    """An open video. Raises FrameError where it cannot be read, GlimtError where PyAV is missing."""
    try:
        import av
        from av.error import FFmpegError
    except ImportError as error:
        raise GlimtError(f'{path}: reading video needs PyAV: pip install "glimt[video]"') from error
    if not path.is_file():
        raise FrameError(f"cannot read {path}: no such file")
    try:
        with av.open(str(path)) as video:
            if not video.streams.video:
                raise FrameError(f"{path} holds no video stream")
            video.streams.video[0].thread_type = "NONE"
            yield video
    except (FFmpegError, ValueError) as error:
        raise FrameError(f"cannot decode {path}: {error}") from error


def shown_times(video: Any) -> list[Any]:
    """The time stamp of each shown frame, in order; found without decoding."""
    stream = video.streams.video[0]
    times = [packet.pts for packet in video.demux(stream) if packet.size and not packet.is_discard]
    return times if None in times else sorted(times)


def frame_pixels(frame: Any) -> np.ndarray:
    """A decoded frame's grey levels, uint8 or uint16."""
    if frame.format.is_rgb or frame.format.has_palette:
        deep = frame.format.components[0].bits > 8
        return grey(frame.to_ndarray(format="bgr48le" if deep else "bgr24"))
    deep = frame.format.components[0].bits > 8
    return frame.to_ndarray(format="gray16le" if deep else "gray")
