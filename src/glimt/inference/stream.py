"""Frames to be predicted, one in memory at a time: a dataset, a folder, a file of any kind, headerless files."""

import hashlib
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from glimt.core.errors import OutputError
from glimt.core.frames import FRAME_SUFFIXES, read_frame
from glimt.core.sequence import iter_frames
from glimt.core.types import Image, Points, Record, Sample
from glimt.data.clicks import given_on
from glimt.data.dataset import FALLBACK, open_dataset
from glimt.inference.inputs import Frames, headerless, in_sequence

Samples = Iterator[Sample]


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


def open_stream(path: Path, layout: str | None = None, split: str | None = None, raw: str | None = None) -> Stream:
    """The frames at `path`. Raises DataError where there are none.

    The frames of a video or of a TIFF with pages are `<stem>/000000` and so on; they are decoded in one pass.
    """
    if raw:
        return of_files(headerless(path, raw))
    if pages := in_sequence(path):
        return Stream(tuple(pages), partial(in_one_pass, path, tuple(pages)))
    if path.is_file() and path.suffix.lower() in FRAME_SUFFIXES:
        return of_files({path.stem: partial(read_frame, path)})
    dataset = open_dataset(path, layout)
    records = dataset.records(split)
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


def of_files(frames: Frames) -> Stream:
    """A stream of frames that are read each by itself."""
    return Stream(tuple(frames), lambda skip: (unknown(id, read()) for id, read in frames.items() if id not in skip))


def in_one_pass(path: Path, ids: tuple[str, ...], skip: Container[str]) -> Samples:
    """The frames of a sequence, decoded one after the other."""
    for id, image in zip(ids, iter_frames(path), strict=True):
        if id not in skip:
            yield unknown(id, image)


def of_records(records: Iterable[Record], skip: Container[str]) -> Samples:
    """The frames of a dataset, with their points; masks are not read."""
    for record in records:
        if record.id not in skip:
            points = np.array(record.points, dtype=float).reshape(-1, 2)
            yield Sample(record.id, read_frame(record.image), points)


def unknown(id: str, image: Image) -> Sample:
    """A frame that nothing is known about."""
    return Sample(id, image, np.zeros((0, 2)))
