"""A format: a function that writes labelled frames, and what it must know of each target."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from glimt.core.errors import FrameError
from glimt.core.files import draft, write_png, write_text
from glimt.data.formats.annotated import Annotated
from glimt.data.levels import is_image_file, stored_levels

Needs = Literal["masks", "boxes", "points"]
Lists = Mapping[str, tuple[str, ...]]  # the ids of each split
Write = Callable[[Path, Iterable[Annotated], Lists], Iterator[Path]]  # gives each file once it is written


@dataclass(frozen=True)
class Format:
    """How one format is written, and the layout that reads it back."""

    write: Write
    needs: Needs
    layout: str | None  # None: `read_points` reads it


def copy_frame(out: Path, frame: Annotated, folder: str = "images") -> Path:
    """Copy a frame, byte for byte, to `<folder>/<id>` with its own file type; one of a video or a stack as PNG."""
    target = out / folder / frame.name
    if not is_image_file(frame.place):
        write_png(target, stored_levels(frame.place))
        return target
    try:
        content = frame.image.read_bytes()
    except OSError as error:
        raise FrameError(f"cannot read {frame.image}: {error.strerror or error}") from error
    with draft(target) as beside:
        beside.write_bytes(content)
    return target


def write_lists(folder: Path, lists: Lists, kept: set[str], before: str = "", after: str = "") -> Iterator[Path]:
    """One text a split with the ids that are `kept`, between `before` and `after`."""
    for name, ids in lists.items():
        path = folder / f"{plain_name(name)}.txt"
        write_text(path, "".join(f"{before}{id}{after}\n" for id in ids if id in kept))
        yield path


def plain_name(split: str) -> str:
    """A split's name as a file's: `50_50/train` becomes `50_50-train`."""
    return split.replace("/", "-")


def write_json(path: Path, values: Any) -> None:
    """Write JSON, with a newline at its end."""
    write_text(path, json.dumps(values, indent=1, ensure_ascii=False) + "\n")
