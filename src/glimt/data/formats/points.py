"""Clicks as `points.csv`: `image,row,col`. A frame without targets is not in it."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from glimt.data.formats.annotated import Annotated
from glimt.data.formats.format import Format, Lists
from glimt.data.points import write_points


def write(out: Path, frames: Iterable[Annotated], lists: Lists) -> Iterator[Path]:
    """Write `points.csv` into `out`, or `out` itself when it is named like a CSV file."""
    path = out if out.suffix.lower() == ".csv" else out / "points.csv"
    write_points(path, {frame.id: np.array(frame.points, dtype=float).reshape(-1, 2) for frame in frames})
    yield path


FORMAT = Format(write, "points", None)
