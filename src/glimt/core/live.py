"""Frames that come whether or not somebody is ready: from a camera, an address, or a file played at its pace."""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from glimt.core.errors import FrameError
from glimt.core.frames import grey, to_image
from glimt.core.types import Image


class Newest:
    """Of the frames that came since the last one was taken, the newest; the others are dropped, and counted.

    A thread reads the source. What goes wrong in it is raised once the frames before it were taken.
    """

    def __init__(self, frames: Iterable[Image]) -> None:
        self.dropped = 0
        self._frames = frames
        self._slot: tuple[int, Image] | None = None
        self._error: Exception | None = None
        self._ended = False
        self._changed = threading.Condition()

    def __iter__(self) -> Iterator[tuple[int, Image]]:
        """The number of each frame that is taken, from 0, and the frame."""
        reader = threading.Thread(target=self._read, daemon=True)
        reader.start()
        while (taken := self._take()) is not None:
            yield taken
        reader.join()
        if self._error is not None:
            raise self._error

    def _read(self) -> None:
        try:
            for number, image in enumerate(self._frames):
                with self._changed:
                    self.dropped += self._slot is not None
                    self._slot = (number, image)
                    self._changed.notify()
        except Exception as error:  # raised again where the frames are taken
            self._error = error
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify()

    def _take(self) -> tuple[int, Image] | None:
        with self._changed:
            self._changed.wait_for(lambda: self._slot is not None or self._ended)
            taken, self._slot = self._slot, None
            return taken


def paced(frames: Iterable[Image], rate: float) -> Iterator[Image]:
    """The frames of a file as a camera would give them, `rate` a second."""
    start = time.monotonic()
    for number, image in enumerate(frames):
        time.sleep(max(0.0, start + number / rate - time.monotonic()))
        yield image


def camera_frames(index: int) -> Iterator[Image]:
    """The frames of a camera of this machine until it is gone. Raises FrameError where there is none."""
    with open_camera(index) as camera:
        number = 0
        while True:
            came, pixels = camera.read()
            if not came:
                raise FrameError(f"camera {index} gave no frame after {number}: it was disconnected, or is in use")
            yield to_image(np.ascontiguousarray(grey(pixels)))
            number += 1


@contextmanager
def open_camera(index: int) -> Iterator[Any]:
    """An open camera. Raises FrameError where there is none."""
    camera = cv2.VideoCapture(index)
    try:
        if not camera.isOpened():
            known = sorted(path.name for path in Path("/dev").glob("video*"))
            raise FrameError(f"no camera {index}; this machine shows {', '.join(known) or 'none'}")
        yield camera
    finally:
        camera.release()
