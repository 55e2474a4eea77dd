"""A plain folder of frames: no masks, no splits."""

from pathlib import Path

from glimt.core.types import Record
from glimt.data.layouts.layout import Layout
from glimt.data.layouts.names import by_id


def matches(root: Path) -> bool:
    """There is a frame right in the folder."""
    return any(path.parent == root for path in by_id(root).values())


def records(root: Path, split: str | None) -> list[Record]:
    """Every frame in the folder and below it."""
    return [Record(id, path) for id, path in by_id(root).items()]


LAYOUT = Layout(matches, lambda root: (), records)
