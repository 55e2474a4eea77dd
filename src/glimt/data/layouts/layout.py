"""A layout: functions that recognise a folder, list its frames, and tell its splits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from glimt.core.types import Record


class Split(NamedTuple):
    """One list of frames, as its file writes it."""

    names: tuple[str, ...]  # may hold suffixes, folders, a leading slash or names of frames that do not exist
    source: Path  # the list, the folder or the JSON file


Splits = Mapping[str, Split]


def no_splits(root: Path) -> Splits:
    """A dataset without lists."""
    return {}


def no_points(root: Path) -> Mapping[str, Path]:
    """A dataset without published points."""
    return {}


@dataclass(frozen=True)
class Layout:
    """How one family of datasets lies on disk. `root` is the dataset's folder, or one file where that makes sense."""

    matches: Callable[[Path], bool]
    frames: Callable[[Path], list[Record]]  # every frame, sorted by id
    splits: Callable[[Path], Splits] = no_splits
    points: Callable[[Path], Mapping[str, Path]] = no_points  # published clicks by kind, for `read_points`
