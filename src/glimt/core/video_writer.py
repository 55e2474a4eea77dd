"""Write pictures as a video (needs `pip install "glimt[video]"`)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import UInt8

from glimt.core.errors import GlimtError, OutputError
from glimt.core.files import draft

Picture = UInt8[np.ndarray, "_ _ 3"]  # RGB
CODECS = ("libx264", "mpeg4")  # the first that is there


@contextmanager
def video_writer(path: Path, rate: float) -> Iterator[Callable[[Picture], None]]:
    """A function that adds a picture; the file stands at `path` once all are added.

    Pictures have one size; an odd side loses its last row or column, for codecs take even ones.
    """
    try:
        import av
    except ImportError as error:
        raise GlimtError(f'{path}: writing video needs PyAV: pip install "glimt[video]"') from error
    with draft(path) as beside, av.open(str(beside), "w", format="mp4") as video:
        stream: Any = None

        def add(picture: Picture) -> None:
            nonlocal stream
            even = np.ascontiguousarray(picture[: picture.shape[0] // 2 * 2, : picture.shape[1] // 2 * 2])
            if stream is None:
                stream = make_stream(av, video, rate, even)
            for packet in stream.encode(av.VideoFrame.from_ndarray(even, format="rgb24")):
                video.mux(packet)

        yield add
        if stream is not None:
            for packet in stream.encode():
                video.mux(packet)


def make_stream(av: Any, video: Any, rate: float, picture: Picture) -> Any:
    """A video stream for pictures like this one. Raises OutputError where PyAV knows no codec for it."""
    name = next((one for one in CODECS if one in av.codecs_available), None)
    if name is None:
        raise OutputError(f"this PyAV cannot write video: it has none of {', '.join(CODECS)}")
    stream = video.add_stream(name, rate=Fraction(rate).limit_denominator(1000))
    stream.height, stream.width = picture.shape[:2]
    stream.pix_fmt = "yuv420p"
    stream.bit_rate = 20 * picture.shape[0] * picture.shape[1]  # small targets do not survive a usual rate
    return stream
