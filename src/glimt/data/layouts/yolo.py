"""YOLO: `images/` with `labels/`, the same inside `train/` and `val/`, or frame and `.txt` side by side (IST-A).

A line is `class x y width height` in shares of the frame, or `class x y x y x y ...` for a polygon; blanks or tabs.
A frame without a text is not labelled, one with an empty text has no target. `classes.txt` and `*.cache` are ignored.
"""

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from glimt.core.errors import DataError
from glimt.core.types import Box, Record, Region
from glimt.data.layouts.layout import Layout, Split, Splits
from glimt.data.layouts.lists import lists_in
from glimt.data.layouts.paths import by_id, frames_by_id, has_folders, holds, names_in
from glimt.data.regions import Shape, box_of, from_polygons
from glimt.data.shapes import frame_shape

NOT_LABELS = ("classes", "obj", "readme", "requirements")  # texts that lie beside labels and are none
SPLITS = ("train", "val", "valid", "test")


def matches(root: Path) -> bool:
    """`images/` and `labels/` with texts, here or in the folders of splits, or texts that label the frames beside."""
    if any(has_folders(root / part, "images", "labels") and texts(root / part / "labels") for part in parts(root)):
        return True
    return holds(root) and holds(root, ".txt") and side_by_side(root)


def parts(root: Path) -> list[str]:
    """The folders that hold `images/` and `labels/`: the root (""), or those of the splits."""
    if has_folders(root, "images", "labels"):
        return [""]
    return [name for name in SPLITS if has_folders(root / name, "images", "labels")]


def texts(folder: Path) -> dict[str, Path]:
    """Label files by id."""
    return {id: path for id, path in by_id(folder, suffixes=(".txt",)).items() if path.stem.lower() not in NOT_LABELS}


def side_by_side(root: Path) -> bool:
    """Whether the first text that has a frame beside it reads as labels."""
    stems = {Path(name).stem for name in names_in(root) if not name.endswith(".txt")}
    for path in (root / name for name in names_in(root) if name.endswith(".txt")):
        if path.stem in stems and path.stem.lower() not in NOT_LABELS:
            try:
                return all(len(numbers) >= 5 for numbers in lines_of(path))
            except DataError:
                return False
    return False


def frames(root: Path) -> list[Record]:
    """The frames with their labels; ids are paths below `images/`, behind the split's folder where that is first."""
    records = []
    for part in parts(root):
        labels = texts(root / part / "labels")
        images = frames_by_id(root / part / "images")
        records += [record_of(f"{part}/{id}".lstrip("/"), path, labels.get(id)) for id, path in images.items()]
    if parts(root):
        return records
    labels = texts(root)
    return [record_of(id, path, labels.get(id)) for id, path in frames_by_id(root).items()]


def splits(root: Path) -> Splits:
    """Folders named like a split (`images/train/`, `train/images/`), and the texts in the root, such as `train.txt`."""
    groups: dict[str, list[str]] = {}
    base = root / "images" if parts(root) == [""] else root
    for record_id in frame_ids(root):
        first, slash, _ = record_id.partition("/")
        if slash and first in SPLITS:
            groups.setdefault(first, []).append(record_id)
    lists = {name: split for name, split in lists_in(root).items() if name.lower() not in NOT_LABELS}
    return {name: Split(tuple(ids), base / name) for name, ids in groups.items()} | (lists if parts(root) else {})


def frame_ids(root: Path) -> Iterator[str]:
    """The ids of the frames, without reading a label."""
    for part in parts(root):
        for id in frames_by_id(root / part / "images"):
            yield f"{part}/{id}".lstrip("/")


def record_of(id: str, image: Path, labels: Path | None) -> Record:
    """One frame with what its text says."""
    if labels is None:
        return Record(id, image)
    lines = lines_of(labels)
    shape = frame_shape(image) if lines else (0, 0)
    regions = [region_of(numbers, shape) for numbers in lines]
    boxes = tuple(
        box_in(numbers, shape) if region is None else box_of(region)
        for numbers, region in zip(lines, regions, strict=True)
    )
    whole = tuple(region for region in regions if region is not None)
    return Record(id, image, None, (), boxes, whole if len(whole) == len(lines) else (), not lines)


def lines_of(path: Path) -> list[list[float]]:
    """The numbers of each line. Raises DataError naming the line that is no label."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"cannot read the labels {path}: {error}") from error
    return [numbers_in(line, f"{path}, line {i}") for i, line in enumerate(text.splitlines(), start=1) if line.strip()]


def numbers_in(line: str, where: str) -> list[float]:
    """One line's numbers: a class and four shares, or a class and at least three corners."""
    try:
        numbers = [float(word) for word in line.split()]
    except ValueError as error:
        raise DataError(f"{where}: {error}; a line is `class x y width height` in shares of the frame") from error
    if len(numbers) != 5 and (len(numbers) < 7 or len(numbers) % 2 == 0):
        raise DataError(f"{where}: {len(numbers)} numbers; a line is `class x y width height`, or a class and corners")
    if not all(math.isfinite(number) and 0 <= number <= 1 for number in numbers[1:]):
        raise DataError(f"{where}: {line.strip()!r} leaves the frame; places and sizes are shares from 0 to 1")
    return numbers


def box_in(numbers: list[float], shape: Shape) -> Box:
    """A box in whole pixels, at least one each way, inside the frame."""
    _, x, y, width, height = numbers
    top, bottom = edges(y, height, shape[0])
    left, right = edges(x, width, shape[1])
    return top, left, bottom, right


def edges(centre: float, size: float, pixels: int) -> tuple[int, int]:
    """First pixel and the one behind the last."""
    low = min(max(round((centre - size / 2) * pixels), 0), pixels - 1)
    return low, min(max(round((centre + size / 2) * pixels), low + 1), pixels)


def region_of(numbers: list[float], shape: Shape) -> Region | None:
    """The polygon's pixels; None for a box."""
    if len(numbers) == 5:
        return None
    return from_polygons([np.array(numbers[1:]).reshape(-1, 2) * shape[::-1]], shape)


LAYOUT = Layout(matches, frames, splits)
