"""A layout says how a family of datasets lies on disk: whether a folder is one, its splits, its records."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from glimt.core.types import Record


@dataclass(frozen=True)
class Layout:
    """Three functions of a dataset's root folder; `records` takes a whole split name, or None for every frame."""

    matches: Callable[[Path], bool]
    splits: Callable[[Path], tuple[str, ...]]
    records: Callable[[Path, str | None], list[Record]]
