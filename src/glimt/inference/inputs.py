"""What is to be labelled: frames from a dataset, a folder, a video or a TIFF with pages, and the clicks on them."""

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from glimt.core.errors import DataError
from glimt.core.frames import read_frame
from glimt.core.raw import parse_raw
from glimt.core.sequence import count_frames, kind_of, read_frame_at
from glimt.core.types import Image, Points
from glimt.data.dataset import open_dataset
from glimt.data.points import read_points
from glimt.data.samples import read_place

Frames = dict[str, Callable[[], Image]]  # how to read each frame, by id


@dataclass(frozen=True)
class Inputs:
    """The frames that have clicks, in the dataset's order."""

    frames: Mapping[str, Callable[[], Image]]
    clicks: Mapping[str, Points]

    def read(self, id: str) -> tuple[Image, Points]:
        """One frame and its clicks."""
        return self.frames[id](), self.clicks[id]

    def digest(self) -> str:
        """A fingerprint of the clicks: a stopped run goes on only with the same ones."""
        return fingerprint(self.clicks)


def open_inputs(
    frames: Path, points: Path, layout: str | None = None, split: str | None = None, raw: str | None = None
) -> Inputs:
    """Bring frames and clicks together.

    Raises DataError where a click names no frame (with a split: where no click is in it).
    """
    known = headerless(frames, raw) if raw else in_sequence(frames) or in_dataset(frames, layout, split)
    clicks = known_clicks(points, frames, known, split)
    kept = [id for id in known if id in clicks]
    return Inputs({id: known[id] for id in kept}, {id: clicks[id] for id in kept})


def known_clicks(points: Path, frames: Path, known: Collection[str], split: str | None) -> dict[str, Points]:
    """The clicks of a file on frames whose ids are `known`, and of some beyond them where only a `split` is.

    Raises DataError where a click names no frame (with a split: where no click is in it).
    """
    clicks = read_points(points)
    strange = [id for id in clicks if id not in known]
    if len(strange) == len(clicks):
        example = (
            f"its {len(clicks)} names begin with {strange[0]!r}, the {len(known)} frames with {next(iter(known))!r}"
        )
        raise DataError(f"{points} names no frame of {frames}: {example}")
    if strange and not split:
        raise DataError(
            f"{points}: no frame {strange[0]!r} in {frames} ({len(strange)} of {len(clicks)} names unknown)"
        )
    return clicks


def fingerprint(clicks: Mapping[str, Points]) -> str:
    """What tells these clicks from others."""
    text = repr([(id, points.tolist()) for id, points in clicks.items()])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def in_dataset(root: Path, layout: str | None, split: str | None) -> Frames:
    """The frames of a dataset or a plain folder."""
    return {record.id: partial(read_place, record.place) for record in open_dataset(root, layout).records(split)}


def in_sequence(path: Path) -> Frames:
    """The frames of a video or of a TIFF with pages, as `<stem>/000000` and so on; none for anything else."""
    if not path.is_file() or path.suffix.lower() == ".json" or kind_of(path) == "frame":
        return {}
    return {f"{path.stem}/{i:06d}": partial(read_frame_at, path, i) for i in range(count_frames(path))}


def headerless(folder: Path, raw: str) -> Frames:
    """Every file right in the folder, read by the form that `raw` gives, e.g. `uint16:480x640`."""
    form = parse_raw(raw)
    files = sorted(path for path in folder.iterdir() if path.is_file())
    if not files:
        raise DataError(f"{folder} holds no file to read as {raw}")
    return {path.stem: partial(read_frame, path, form) for path in files}
