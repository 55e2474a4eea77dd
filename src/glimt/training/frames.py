"""The frames of a run: which records train, validate and test, with their clicks, and kept in memory once read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from glimt.core.errors import DataError
from glimt.core.types import Record, Sample
from glimt.data.clicks import drawn_on, kind_or_file
from glimt.data.dataset import Dataset, open_dataset
from glimt.data.points import points_inside
from glimt.data.samples import read
from glimt.data.sequences import Span, with_frames
from glimt.inference.inputs import known_clicks
from glimt.training.config import Data

MEMORY = 4 << 30  # bytes of frames to keep; those beyond are read again at each use


@dataclass(frozen=True)
class Frames:
    """Samples by number, with clicks; a frame that was read stays in memory while there is room."""

    records: Sequence[Record]
    clicks: str  # the kind of click to draw in true targets, for records without any
    seed: int = 0
    kept: dict[int, Sample] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.records)

    def __getitem__(self, index: int) -> Sample:
        if index in self.kept:
            return self.kept[index]
        sample = self._read(self.records[index])
        images = 2 + len(sample.frames)  # its frame, those around it and its mask
        if images * sample.image.nbytes * (len(self.kept) + 1) < MEMORY:  # were all of this size
            self.kept[index] = sample
        return sample

    def __iter__(self) -> Iterator[Sample]:
        return (self[i] for i in range(len(self)))

    def _read(self, record: Record) -> Sample:
        sample = read(record)
        points_inside(sample.points, sample.image.shape, sample.id)
        if len(sample.points) or sample.label is None:
            return sample
        return drawn_on(sample, self.clicks, self.seed)


@dataclass(frozen=True)
class Splits:
    """The frames of a run by what they are for."""

    train: Frames
    val: Frames | None
    test: Frames | None


def open_splits(data: Data, seed: int, tested: bool = False, span: Span = (0, 0)) -> Splits:
    """The frames of a config, with those of `span` around them; the test split only where it is `tested` on.

    Raises DataError where one has no frame.
    """
    dataset = open_dataset(data.root, data.layout)
    kind, clicks = clicks_of(data, dataset)
    train, val = carve(dataset, with_clicks(dataset.records(data.train), clicks), data.val, seed, clicks)
    test = dataset.records(data.test) if tested else None
    known = dataset.records() if any(span) else ()
    seen = (None if records is None else with_frames(records, known, span) for records in (train, val, test))
    train, *others = (None if records is None else Frames(records, kind, seed) for records in seen)
    assert train is not None
    return Splits(train, *others)


def clicks_of(data: Data, dataset: Dataset) -> tuple[str, dict[str, np.ndarray] | None]:
    """The kind of click to draw, and the clicks of a file if one is given; each must be of a frame of the dataset."""
    chosen = kind_or_file(data.points, "data.points")
    if isinstance(chosen, str):
        return chosen, None
    return "centroid", known_clicks(chosen, data.root, [record.id for record in dataset.records()], None)


def with_clicks(records: Sequence[Record], clicks: dict[str, np.ndarray] | None) -> list[Record]:
    """The records that a file of clicks names, with its clicks; all of them where there is no file."""
    if clicks is None:
        return list(records)
    kept = [replace(one, points=tuple(map(tuple, clicks[one.id].tolist()))) for one in records if one.id in clicks]
    if not kept:
        raise DataError(f"the clicks name none of the {len(records)} training frames, such as {records[0].id!r}")
    return kept


def carve(
    dataset: Dataset, train: list[Record], val: float | str | None, seed: int, clicks: dict[str, np.ndarray] | None
) -> tuple[list[Record], list[Record] | None]:
    """Training and validation frames: a share drawn with the seed, or a split of its own."""
    if val is None:
        return train, None
    if isinstance(val, str):
        return train, with_clicks(dataset.records(val), clicks)
    if not 0 < val < 1:
        raise DataError(f"data.val is {val}; give a share between 0 and 1, a split, or null")
    if len(train) < 2:
        raise DataError(f"{len(train)} training frame is too few to carve validation from; set data.val=null")
    chosen = np.random.default_rng([seed, 1]).permutation(len(train))[: max(1, round(val * len(train)))]
    out = set(chosen.tolist())
    return [one for i, one in enumerate(train) if i not in out], [train[i] for i in sorted(out)]
