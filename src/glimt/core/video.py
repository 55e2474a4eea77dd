"""Frames of a video file, one at a time and by number (needs `pip install "glimt[video]"`).

Frames are numbered from zero in the order they are shown. Grey is the luma, spread to the full range the file declares;
10 to 16 bits keep their precision.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np

from glimt.core.errors import FrameError, GlimtError
from glimt.core.frames import grey, to_image
from glimt.core.types import Image

VIDEO_SUFFIXES = (".mp4", ".avi", ".mkv", ".mov", ".m4v", ".ts")


def iter_video(path: Path | str) -> Iterator[Image]:
    """Every frame of a file or an address in [0, 1], in the order of showing.

    Raises FrameError, behind the frames that decode, where a file is damaged or cut short.
    """
    with open_video(path) as video:
        for frame in decoded(video, path):
            yield to_image(frame_pixels(frame))


def decoded(video: Any, path: Path | str) -> Iterator[Any]:
    """The frames of an open video, decoded one by one."""
    from av.error import FFmpegError

    frames, number = video.decode(video.streams.video[0]), 0
    while True:
        try:
            frame = next(frames)
        except StopIteration:
            return
        except FFmpegError as error:
            good = f"frames 0 to {number - 1} can be read" if number else "no frame can be read"
            raise FrameError(
                f"cannot decode {path} from frame {number} on, it is damaged or cut short; {good}"
            ) from error
        yield frame
        number += 1


def video_rate(path: Path) -> float | None:
    """Frames a second as the file declares them on average; None where it does not."""
    with open_video(path) as video:
        rate = video.streams.video[0].average_rate
        return float(rate) if rate else None


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
        usable = None not in times and len(set(times)) == len(times)
        frame = shown_at(video, times[i]) if usable else None
    return read_by_counting(path, i) if frame is None else to_image(frame_pixels(frame))


def shown_at(video: Any, time: int) -> Any:
    """The frame of a time stamp; None where it is not met, be it for damage behind the key frame."""
    from av.error import FFmpegError

    stream = video.streams.video[0]
    with suppress(FFmpegError):
        video.seek(time, stream=stream)
        return next((frame for frame in video.decode(stream) if frame.pts == time), None)
    return None


def read_by_counting(path: Path, i: int) -> Image:
    """Frame `i` of a file whose packets carry no usable times: decode from the start."""
    for number, image in enumerate(iter_video(path)):
        if number == i:
            return image
    raise FrameError(f"{path} ends before frame {i}")


@contextmanager
def open_video(path: Path | str) -> Iterator[Any]:
    """An open video, of a file or an address.

    Raises FrameError where it cannot be read, GlimtError where PyAV is missing.
    """
    try:
        import av
        from av.error import FFmpegError
    except ImportError as error:
        raise GlimtError(f'{path}: reading video needs PyAV: pip install "glimt[video]"') from error
    if isinstance(path, Path) and not path.is_file():
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
