"""DAUB and others as SSTNet and TMP list them: texts in the root, `images/train/data5/0.bmp x1,y1,x2,y2,class ...`.

Each box of 8 x 8 px is drawn around a point and says nothing of the target's size: only its middle is kept. Boxes of
other sizes are kept as well. Paths may begin anywhere; they are matched from their end.
"""

from collections.abc import Iterator
from pathlib import Path

from glimt.core.errors import DataError
from glimt.core.types import Point, Record
from glimt.data.layouts.layout import Layout, Split, Splits
from glimt.data.layouts.lists import id_of, strip_type
from glimt.data.layouts.paths import frames_by_id, has_folders, listed, names_in, sequence_of
from glimt.data.layouts.tracks import BETWEEN, box_of, numbers_in, read_text

SIDE = 8  # px of a box that stands for a point
NUMBERS = 5  # of a target: x1, y1, x2, y2, class


def matches(root: Path) -> bool:
    """Frames in `images/`, and a text whose first line is a path with boxes."""
    return has_folders(root, "images") and bool(texts(root))


def texts(root: Path) -> list[Path]:
    """The lists in the root."""
    names = [name for name in names_in(root) if name.lower().endswith(".txt") and not name.startswith(".")]
    return [root / name for name in names if is_list(root / name)]


def is_list(path: Path) -> bool:
    """Whether the first line that is not blank holds a path and a box."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            first = next((line for line in file if line.strip()), "").split()
    except (OSError, UnicodeDecodeError):
        return False
    return len(first) > 1 and len(BETWEEN.split(first[-1])) == NUMBERS


def lines_of(path: Path) -> Iterator[tuple[str, list[str], str]]:
    """The path and the boxes of each line, and where the line is."""
    for i, line in enumerate(read_text(path).splitlines(), start=1):
        if line.strip():
            name, *boxes = line.split()
            yield name, boxes, f"{path}, line {i}"


def frames(root: Path) -> list[Record]:
    """Every frame of `images/`; one that no text lists is not labelled.

    Raises DataError where a listed one is not there, and where two lines differ.
    """
    images = frames_by_id(root / "images")
    found: dict[str, Record] = {}
    for path in texts(root):
        missing = []
        for name, boxes, where in lines_of(path):
            id = id_of(name, images)
            if id is None:
                missing.append(name)
            elif found.setdefault(id, record := record_of(id, images[id], boxes, where)) != record:
                raise DataError(f"{where}: another line has other boxes for {id}")
        if missing:
            raise DataError(f"{path}: {len(missing)} frames are not in {root / 'images'}: {listed(missing)}")
    return [found.get(id) or Record(id, image, sequence=sequence_of(id)) for id, image in images.items()]


def record_of(id: str, image: Path, groups: list[str], where: str) -> Record:
    """One frame with the middles of its boxes."""
    corners = [corners_of(group, where) for group in groups]
    points: tuple[Point, ...] = tuple(((top + bottom) / 2, (left + right) / 2) for left, top, right, bottom in corners)
    sized = [(left, top, right - left, bottom - top) for left, top, right, bottom in corners]
    boxes = tuple(box_of(one, where) for one in sized)
    only_points = all(one[2:] == (SIDE, SIDE) for one in sized)
    return Record(id, image, None, points, () if only_points else boxes, (), not points, None, sequence_of(id))


def corners_of(group: str, where: str) -> tuple[float, float, float, float]:
    """x1, y1, x2, y2 of a target."""
    texts = group.strip(",;").split(",")
    if len(texts) != NUMBERS:
        raise DataError(f"{where}: {group!r} is not x1,y1,x2,y2,class")
    left, top, right, bottom, _ = numbers_in(texts, where)
    return left, top, right, bottom


def splits(root: Path) -> Splits:
    """Each text is a split."""
    return {path.stem: Split(tuple(strip_type(name) for name, _, _ in lines_of(path)), path) for path in texts(root)}


LAYOUT = Layout(matches, frames, splits)
