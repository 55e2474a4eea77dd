"""Follow a sequence: each frame is looked at once, and answered as soon as the frames behind it were looked at.

The answers are those that the frames of a span give together, to the bit; what was seen of a frame is kept for as long
as it is in the span of another, so memory does not grow.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from glimt.core.errors import OptionError
from glimt.core.types import Image, Instances
from glimt.data.sequences import Span
from glimt.inference.detections import Detection
from glimt.inference.stream import windows

Frame = tuple[str, np.ndarray]  # an id and an image, of any size as far as its type says


class Seer(NamedTuple):
    """A detector taken apart: what it does once for each frame, and what for each moment."""

    look: Callable[[Image], Any]
    find: Callable[
        [Sequence[Any], Image, str], "Found"
    ]  # what was seen in the order of time, the present frame, its id
    span: Span


class Found(NamedTuple):
    """The targets of one frame, and their pixels: instance i + 1 is target i."""

    targets: list[Detection]
    instances: Instances


class Moment(NamedTuple):
    """One frame of a sequence, answered."""

    id: str
    image: Image
    found: Found
    seconds: float  # of looking at it and of answering


def follow(seer: Seer, frames: Iterable[Frame]) -> Iterator[Moment]:
    """The frames in their order, each with what is found in it; the last ones when the sequence has ended."""
    past = seer.span[0]
    for (id, image, seen, seconds), around in windows(looked(seer, frames), seer.span):
        start = time.perf_counter()
        in_time = [*(one[2] for one in around[:past]), seen, *(one[2] for one in around[past:])]
        found = seer.find(in_time, image, id)
        yield Moment(id, image, found, seconds + time.perf_counter() - start)


def looked(seer: Seer, frames: Iterable[Frame]) -> Iterator[tuple[str, np.ndarray, Any, float]]:
    """Each frame with what is seen of it, and how long that took."""
    shape = None
    for id, image in frames:
        if shape not in (None, image.shape):
            sizes = " and ".join(f"{h} x {w}" for h, w in (shape, image.shape))
            raise OptionError(f"{id}: a sequence has frames of one size, got {sizes}")
        shape = image.shape
        start = time.perf_counter()
        seen = seer.look(image)
        yield id, image, seen, time.perf_counter() - start
