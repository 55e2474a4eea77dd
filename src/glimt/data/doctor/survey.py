"""All there is to know about a dataset before anything is judged."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from glimt.core.frames import FRAME_SUFFIXES
from glimt.core.types import Record
from glimt.data.dataset import Dataset
from glimt.data.doctor.lists import SplitList, lists_of
from glimt.data.doctor.look import Look, look

Track = Callable[[Sequence[Record]], Iterable[Record]]


@dataclass(frozen=True)
class Survey:
    """A look at each frame, the lists of the splits, and mask files that belong to no frame."""

    looks: tuple[Look, ...]
    lists: tuple[SplitList, ...]
    spare_masks: tuple[Path, ...]

    @cached_property
    def members(self) -> dict[str, list[SplitList]]:
        """The splits that list each frame."""
        members: dict[str, list[SplitList]] = {seen.record.id: [] for seen in self.looks}
        for split in self.lists:
            for id in split.ids:
                members[id].append(split)
        return members


def survey(dataset: Dataset, track: Track = iter) -> Survey:
    """Read every file of a dataset once."""
    records = dataset.records()
    looks = tuple(look(record) for record in track(records))
    return Survey(looks, lists_of(dataset, {record.id for record in records}), spare_masks(records))


def spare_masks(records: Sequence[Record]) -> tuple[Path, ...]:
    """Files beside the masks that are neither a frame nor the mask of one."""
    used = {record.image for record in records} | {record.mask for record in records}
    folders = sorted({record.mask.parent for record in records if record.mask is not None})
    beside = (path for folder in folders for path in sorted(folder.iterdir()))
    return tuple(path for path in beside if path.suffix.lower() in FRAME_SUFFIXES and path not in used)
