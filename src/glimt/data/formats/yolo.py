"""YOLO boxes: `images/`, `labels/*.txt`, a list a split, `data.yaml`.

A frame without targets gets an empty text.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from glimt.core.files import write_text
from glimt.data.formats.annotated import Annotated, Target
from glimt.data.formats.format import Format, Lists, copy_frame, plain_name
from glimt.data.layouts.lists import full_name
from glimt.data.regions import Shape


def write(out: Path, frames: Iterable[Annotated], lists: Lists) -> Iterator[Path]:
    """Write frames, labels and lists."""
    names: dict[str, str] = {}
    for frame in frames:
        names[frame.id] = frame.name
        yield copy_frame(out, frame)
        labels = out / "labels" / f"{frame.id}.txt"
        write_text(labels, "".join(line_of(target, frame.shape) for target in frame.targets))
        yield labels
    for name, ids in lists.items():
        path = out / f"{plain_name(name)}.txt"
        write_text(path, "".join(f"./images/{names[id]}\n" for id in ids if id in names))
        yield path
    write_text(out / "data.yaml", data_yaml(lists))
    yield out / "data.yaml"


def line_of(target: Target, shape: Shape) -> str:
    """`class x y width height` in shares of the frame; ten digits, so that reading gives back the very pixels."""
    assert target.box is not None
    (top, left, bottom, right), (rows, cols) = target.box, shape
    shares = ((left + right) / 2 / cols, (top + bottom) / 2 / rows, (right - left) / cols, (bottom - top) / rows)
    return " ".join(["0", *(f"{share:.10f}" for share in shares)]) + "\n"


def data_yaml(lists: Lists) -> str:
    """The parts that are one split's, and the class."""
    parts = {part: full_name(part, lists) for part in ("train", "val", "test")}
    lines = [f"{part}: {plain_name(names[0])}.txt\n" for part, names in parts.items() if len(names) == 1]
    return "path: .\n" + "".join(lines or ["train: images\n"]) + "names:\n  0: target\n"


FORMAT = Format(write, "boxes", "yolo")
