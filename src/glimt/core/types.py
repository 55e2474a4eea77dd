"""The nouns of the toolkit.

Every array is indexed (row, col). Every point is a (row, col) pair with pixel centres at integers. Nothing here imports
torch.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from glimt.core.errors import DataError

Image = Float[np.ndarray, "h w"]  # one grey frame, float32 in [0, 1]; 16-bit sources keep their precision
Mask = Bool[np.ndarray, "h w"]  # True on target pixels
SoftMask = Float[np.ndarray, "h w"]  # a label in [0, 1]
ScoreMap = Float[np.ndarray, "h w"]  # belief per pixel, in [0, 1]
Instances = Int[np.ndarray, "h w"]  # 0 is background; i + 1 is the target of points[i]
Points = Float[np.ndarray, "_ 2"]  # (row, col) of each target; `_` so that two sets may differ in size

Point = tuple[float, float]  # (row, col)
Box = tuple[int, int, int, int]  # (top, left, bottom, right): rows top..bottom-1, cols left..right-1


class Place(NamedTuple):
    """Where one frame lies: a file, and the frame's number in it where the file holds several."""

    file: Path
    page: int | None = None  # from 0


@dataclass(frozen=True)
class Region:
    """One target's pixels as COCO run-length code: `counts` of a frame of `size` (rows, cols)."""

    size: tuple[int, int]
    counts: bytes


@dataclass(frozen=True)
class Record:
    """Where one frame of a dataset lives and what is known about it. Layouts make records; `read` makes samples."""

    id: str  # unique in its dataset; may hold slashes
    image: Path
    mask: Path | None = None  # a mask file of the same size
    points: tuple[Point, ...] = ()
    boxes: tuple[Box, ...] = ()
    regions: tuple[Region, ...] = ()  # targets given as polygons or run lengths instead of a mask file
    empty: bool = False  # known to hold no target, though no mask file says so
    page: int | None = None  # the frame's number in `image`, where that is a video or a stack
    sequence: str | None = None  # what it is a frame of; the records of a sequence follow one another in time
    frames: tuple[Place, ...] = ()  # the frames around it that a task is shown too, in the order of time

    @property
    def place(self) -> Place:
        """Where its own frame lies."""
        return Place(self.image, self.page)


@dataclass(frozen=True)
class Sample:
    """One frame in memory, with whatever is known about it."""

    id: str
    image: Image
    points: Points
    label: SoftMask | None = None
    frames: tuple[Image, ...] = ()  # those around `image` that a task is shown too, of its size, in the order of time

    def seen(self, change: Callable[[Image], Image], points: Points, label: SoftMask | None) -> "Sample":
        """The sample with `change` made to its frame and to those around it, and these points and label."""
        return replace(
            self, image=change(self.image), points=points, label=label, frames=tuple(map(change, self.frames))
        )

    def part(self, box: Box) -> "Sample":
        """What lies in a box, with the points on its pixels; the label is left behind."""
        top, left, bottom, right = box
        points = self.points - (top, left)
        inside = ((points >= -0.5) & (points < (bottom - top - 0.5, right - left - 0.5))).all(axis=1)
        return self.seen(lambda image: image[top:bottom, left:right], points[inside], None)

    def with_label(self, label: SoftMask) -> "Sample":
        """The same frame under another label. Raises DataError where the label is of another size."""
        if label.shape != self.image.shape:
            raise DataError(f"{self.id}: its label is {label.shape}, its frame {self.image.shape}; is it another's?")
        return replace(self, label=label)
