"""Frames to be predicted, one in memory at a time: a dataset, a folder, a file of any kind, headerless files."""

import hashlib
from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np

from glimt.core.errors import OutputError
from glimt.core.frames import FRAME_SUFFIXES, read_frame
from glimt.core.sequence import iter_frames
from glimt.core.types import Image, Points, Record, Sample
from glimt.data.clicks import given_on
from glimt.data.dataset import FALLBACK, open_dataset
from glimt.data.samples import read_around, read_place
from glimt.data.sequences import Span
from glimt.inference.inputs import Frames, headerless, in_sequence

Samples = Iterator[Sample]
T = TypeVar("T")


@dataclass(frozen=True)
class Stream:
    """The ids of the frames in order, and a way to read those that are not to be skipped."""

    ids: tuple[str, ...]
    samples: Callable[[Container[str]], Samples]
    home: Path | None = None  # the folder of which every image is a frame, if that is so

    def digest(self) -> str:
        """A fingerprint of the ids."""
        return hashlib.sha256("\n".join(self.ids).encode()).hexdigest()[:16]

    def refuse_inside(self, out: Path) -> None:
        """Raise OutputError where what is written to `out` would be among the frames the next time."""
        if self.home and out.resolve().is_relative_to(self.home.resolve()):
            raise OutputError(f"{out} lies in {self.home}, where every image is a frame; give a place outside of it")


def open_stream(
    path: Path, layout: str | None = None, split: str | None = None, raw: str | None = None, span: Span = (0, 0)
) -> Stream:
    """The frames at `path`, each with those of `span` around it. Raises DataError where there are none.

    The frames of a video or of a TIFF with pages are `<stem>/000000` and so on; they are decoded in one pass.
    """
    if raw:
        return of_files(headerless(path, raw), span)
    if pages := in_sequence(path):
        return Stream(tuple(pages), partial(in_one_pass, path, tuple(pages), span))
    if path.is_file() and path.suffix.lower() in FRAME_SUFFIXES:
        return of_files({path.stem: partial(read_frame, path)}, span)
    dataset = open_dataset(path, layout)
    records = dataset.records(split, span)
    home = home_of(path, records) if dataset.layout == FALLBACK else None
    return Stream(tuple(record.id for record in records), partial(of_records, records), home)


def with_clicks(stream: Stream, clicks: Mapping[str, Points]) -> Stream:
    """The same frames with these points on them and no others."""
    return replace(stream, samples=lambda skip: (given_on(sample, clicks) for sample in stream.samples(skip)))


def home_of(root: Path, records: Iterable[Record]) -> Path | None:
    """The folder that a plain folder's frames are looked for in, subfolders included; none for a single file."""
    images = root / "images"
    inside = all(record.image.is_relative_to(images) for record in records)
    return images if inside else root if root.is_dir() else None


def of_files(frames: Frames, span: Span) -> Stream:
    """A stream of frames that are read each by itself, only where it is not skipped."""
    return Stream(tuple(frames), partial(one_by_one, frames, span))


def one_by_one(frames: Frames, span: Span, skip: Container[str]) -> Samples:
    """Files in their order as a sequence."""
    for id, (read, around) in zip(frames, windows(frames.values(), span), strict=True):
        if id not in skip:
            image = read()
            yield unknown(id, image, tuple(image if other is read else other() for other in around))


def in_one_pass(path: Path, ids: tuple[str, ...], span: Span, skip: Container[str]) -> Samples:
    """The frames of a sequence, decoded one after the other."""
    for id, (image, around) in zip(ids, windows(iter_frames(path), span), strict=True):
        if id not in skip:
            yield unknown(id, image, around)


def unknown(id: str, image: Image, around: tuple[Image, ...]) -> Sample:
    """A frame that nothing is known about but those around it."""
    return Sample(id, image, np.zeros((0, 2)), frames=around)


def windows(moments: Iterable[T], span: Span) -> Iterator[tuple[T, tuple[T, ...]]]:
    """Each moment with those around it; the first and the last stand for what lies beyond them."""
    past, future = span
    seen: deque[T] = deque(maxlen=past + 1 + future)
    for moment in moments:
        seen.extend([moment] * (1 if seen else past + 1))
        if len(seen) == seen.maxlen:
            yield window(seen, past)
    for _ in range(future if seen else 0):
        seen.append(seen[-1])
        if len(seen) == seen.maxlen:
            yield window(seen, past)


def window(seen: Iterable[T], past: int) -> tuple[T, tuple[T, ...]]:
    """The present one, and the others."""
    moments = tuple(seen)
    return moments[past], moments[:past] + moments[past + 1 :]


def of_records(records: Iterable[Record], skip: Container[str]) -> Samples:
    """The frames of a dataset, with their points; masks are not read."""
    for record in records:
        if record.id not in skip:
            image = read_place(record.place)
            points = np.array(record.points, dtype=float).reshape(-1, 2)
            yield Sample(record.id, image, points, frames=read_around(record, image))
