"""SIRST v2: `mixed/` (or `images/{targets,backgrounds}/`), `annotations/{masks,bboxes,centroids}/`, `splits/`.

Its XML counts pixels from one: `xmin` is the first column + 1, `xmax` the last + 2, a centroid the place + 1. A
background frame has an object without a box. Centroids are weighted by intensity, so they differ from the mask's.
"""

from pathlib import Path
from xml.etree.ElementTree import Element

from glimt.core.types import Box, Point, Record
from glimt.data.layouts.layout import Layout, Splits
from glimt.data.layouts.lists import lists_in
from glimt.data.layouts.pairs import PIXELS
from glimt.data.layouts.paths import by_id, frames_by_id, has_folders, natural
from glimt.data.layouts.xml_files import numbers, read_xml


def matches(root: Path) -> bool:
    """Frames and the annotation folders by their own names."""
    annotations = any(has_folders(root / "annotations", name) for name in ("masks", "bboxes", "centroids"))
    return annotations and (has_folders(root, "mixed") or has_folders(root / "images", "targets"))


def frames(root: Path) -> list[Record]:
    """One record a frame, with its mask, boxes and centroids."""
    annotations = root / "annotations"
    masks = by_id(annotations / "masks", PIXELS)
    boxes, centroids = (by_id(annotations / name, suffixes=(".xml",)) for name in ("bboxes", "centroids"))
    return [record_of(id, image, masks.get(id), boxes.get(id), centroids.get(id)) for id, image in images(root).items()]


def images(root: Path) -> dict[str, Path]:
    """`mixed/`, which holds every frame; without it, targets and backgrounds."""
    if has_folders(root, "mixed"):
        return frames_by_id(root / "mixed")
    found = frames_by_id(root / "images" / "targets") | frames_by_id(root / "images" / "backgrounds")
    return {id: found[id] for id in sorted(found, key=natural)}


def record_of(id: str, image: Path, mask: Path | None, boxes: Path | None, centroids: Path | None) -> Record:
    """One frame with what its files say."""
    found = boxes_of(boxes) if boxes else ()
    points = points_of(centroids) if centroids else ()
    empty = mask is None and boxes is not None and not found
    return Record(id, image, mask, points, found, empty=empty)


def boxes_of(path: Path) -> tuple[Box, ...]:
    """The boxes of one file."""
    return tuple(box_of(element, path) for element in read_xml(path).iter("bndbox"))


def box_of(element: Element, path: Path) -> Box:
    """Half-open and counted from one: both ends move by one."""
    left, top, right, bottom = numbers(element, ("xmin", "ymin", "xmax", "ymax"), path)
    return round(top) - 1, round(left) - 1, round(bottom) - 1, round(right) - 1


def points_of(path: Path) -> tuple[Point, ...]:
    """The centroids of one file, counted from zero."""
    found = (numbers(element, ("yc", "xc"), path) for element in read_xml(path).iter("centroid"))
    return tuple((row - 1, col - 1) for row, col in found)


def splits(root: Path) -> Splits:
    """The lists of `splits/`."""
    return lists_in(root / "splits")


LAYOUT = Layout(matches, frames, splits)
