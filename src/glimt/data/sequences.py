"""The frames around a frame. Where there is none, the nearest one of the sequence stands for it.

The first frame is its own predecessor and the last its own successor. So is a frame beside a gap in the numbers: what
lies beyond it is not the next moment.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from typing import NamedTuple

from glimt.core.types import Place, Record

Span = tuple[int, int]  # how many frames before a frame, and how many behind it

NUMBER = re.compile(r"(\d+)\D*$")  # the last number of a frame's name


def with_frames(chosen: Sequence[Record], known: Sequence[Record], span: Span) -> list[Record]:
    """The chosen records with the frames before them and behind them that are in `span`, looked up in `known`.

    A record without a sequence is a still: its own frame stands for all of them.
    """
    past, future = span
    if not past and not future:
        return list(chosen)
    moments = moments_of(known)
    steps = (*range(-past, 0), *range(1, future + 1))
    return [replace(one, frames=moments[one.id].around(steps)) for one in chosen]


class Moment(NamedTuple):
    """A frame of an unbroken run, by its number in it."""

    run: Sequence[Record]
    number: int

    def around(self, steps: Sequence[int]) -> tuple[Place, ...]:
        """The places so many frames away; the ends of the run stand for what lies beyond them."""
        return tuple(self.run[min(max(self.number + step, 0), len(self.run) - 1)].place for step in steps)


def moments_of(records: Sequence[Record]) -> Mapping[str, Moment]:
    """Each record in its run, by id."""
    return {record.id: Moment(run, i) for run in runs(records) for i, record in enumerate(run)}


def runs(records: Iterable[Record]) -> Iterator[list[Record]]:
    """The unbroken runs of frames; a still is one of its own."""
    for name, group in groupby(records, lambda record: record.sequence):
        frames = list(group)
        yield from ([record] for record in frames) if name is None else unbroken(frames)


def unbroken(records: Sequence[Record]) -> list[list[Record]]:
    """A sequence cut where its numbers jump; the step between two frames is the smallest one in it."""
    steps = [number_of(after) - number_of(before) for before, after in pairwise(records)]
    step = min((one for one in steps if one > 0), default=0)
    runs = [[record] for record in records[:1]]
    for record, taken in zip(records[1:], steps, strict=True):
        if taken > step > 0:
            runs.append([])
        runs[-1].append(record)
    return runs


def number_of(record: Record) -> int:
    """The frame's number: in its file, or the last one of its name."""
    if record.page is not None:
        return record.page
    found = NUMBER.search(record.id)
    return int(found[1]) if found else 0


def names_of(records: Sequence[Record]) -> list[str]:
    """The sequences of some records, each once, in order."""
    return list(dict.fromkeys(record.sequence for record in records if record.sequence is not None))
