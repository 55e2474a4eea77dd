"""The splits of a dataset as they are listed on disk, faults included."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from glimt.data.dataset import Dataset
from glimt.data.layouts.layout import Split
from glimt.data.layouts.lists import id_of

PART = re.compile(r"(?:^|(?<=[_\-. /]))(trainval|train|val|test)(?:ing|idation)?(?=$|[_\-. /])", re.IGNORECASE)


@dataclass(frozen=True)
class SplitList:
    """One split: each name it lists with the id that it means (None where no frame has it), and the list's file."""

    name: str
    entries: tuple[tuple[str, str | None], ...]
    path: Path | None = None  # None where the split is a folder
    crlf: bool = False

    @property
    def ids(self) -> dict[str, None]:
        """The frames that are there, each once, in order."""
        return dict.fromkeys(id for _, id in self.entries if id is not None)

    @property
    def part(self) -> str:
        """One of trainval, train, val, test, or nothing when the name does not say."""
        match = PART.search(self.name)
        return match[1].lower() if match else ""

    @property
    def family(self) -> str:
        """Splits of one family divide the same frames; train_A and test_A do, train_A and test_B do not."""
        return PART.sub("", self.name, count=1)


def rivals(one: SplitList, other: SplitList) -> bool:
    """Whether the two must not share a frame: parts of one division, but not trainval and a part of it."""
    parts = {one.part, other.part}
    if "" in parts or len(parts) == 1 or one.family != other.family:
        return False
    return "trainval" not in parts or "test" in parts


def lists_of(dataset: Dataset, known: Collection[str]) -> tuple[SplitList, ...]:
    """Every split of a dataset whose frames have the ids `known`."""
    return tuple(list_of(name, split, known) for name, split in dataset.lists().items())


def list_of(name: str, split: Split, known: Collection[str]) -> SplitList:
    """One split."""
    entries = tuple((written, id_of(written, known)) for written in split.names)
    if not split.source.is_file():
        return SplitList(name, entries)
    return SplitList(
        name, entries, split.source, split.source.suffix == ".txt" and b"\r\n" in split.source.read_bytes()
    )
