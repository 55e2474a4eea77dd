"""The frames of one sequence, from a folder or a video, and splits that name sequences."""

import os
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from glimt.core.sequence import count_frames
from glimt.core.types import Record
from glimt.core.video import VIDEO_SUFFIXES
from glimt.data.layouts.layout import Split, Splits
from glimt.data.layouts.lists import id_of
from glimt.data.layouts.paths import by_id, frames_by_id, names_in, natural

KEPT = 1024  # videos whose frames are counted once


def frames_in(place: Path, name: str, masks: Path | None = None) -> list[Record]:
    """The frames of the sequence `name`, of a folder (with the masks of another) or of a video."""
    if place.is_dir():
        drawn = by_id(masks) if masks else {}
        return [Record(f"{name}/{id}", path, drawn.get(id), sequence=name) for id, path in frames_by_id(place).items()]
    return [Record(f"{name}/{i:06d}", place, page=i, sequence=name) for i in range(count(place))]


def count(video: Path) -> int:
    """How many frames a video holds; counted once, as long as the file does not change."""
    note = video.stat()
    return _count(video, note.st_mtime_ns, note.st_size)


@lru_cache(maxsize=KEPT)
def _count(video: Path, changed: int, size: int) -> int:
    return count_frames(video)


def folders_in(root: Path) -> list[str]:
    """The names of the folders right in `root`, in natural order; none where `root` is no folder."""
    try:
        names = [entry.name for entry in os.scandir(root) if entry.is_dir() and not entry.name.startswith(".")]
    except OSError:
        return []
    return sorted(names, key=natural)


def videos_in(root: Path) -> list[Path]:
    """The videos right in `root`, in natural order."""
    names = [name for name in names_in(root) if name.lower().endswith(VIDEO_SUFFIXES) and not name.startswith(".")]
    return [root / name for name in sorted(names, key=natural)]


def ids_by_sequence(records: Iterable[Record]) -> dict[str, list[str]]:
    """The ids of each sequence's frames."""
    found: dict[str, list[str]] = {}
    for record in records:
        if record.sequence is not None:
            found.setdefault(record.sequence, []).append(record.id)
    return found


def by_sequence(records: Sequence[Record], root: Path) -> Splits:
    """Each sequence as a split of its own."""
    return {name: Split(tuple(ids), root) for name, ids in ids_by_sequence(records).items()}


def expanded(splits: Splits, records: Sequence[Record]) -> Splits:
    """The splits with the frames of a sequence in place of its name."""
    if not splits:
        return {}
    known = ids_by_sequence(records)
    return {name: Split(tuple(frames_named(split, known)), split.source) for name, split in splits.items()}


def frames_named(split: Split, known: dict[str, list[str]]) -> Iterable[str]:
    """What a list names, with sequences in full."""
    for name in split.names:
        sequence = id_of(name, known)
        yield from [name] if sequence is None else known[sequence]
