"""PASCAL VOC: `JPEGImages/` (or `images/`), `Annotations/*.xml`, `ImageSets/Main/`; or frame and XML side by side.

Pixels count from one and boxes hold their last pixel, as in PASCAL's own files. Tools that write edges counted from
zero give boxes that are one row and one column too large at the top left, never too small.
"""

from pathlib import Path
from xml.etree.ElementTree import Element

from glimt.core.types import Box, Record
from glimt.data.layouts.layout import Layout, Splits
from glimt.data.layouts.lists import lists_in
from glimt.data.layouts.paths import by_id, files_below, frames_by_id, has_folders, holds, names_in
from glimt.data.layouts.xml_files import numbers, read_xml

IMAGES = ("JPEGImages", "images")
ANNOTATIONS = ("Annotations", "annotations")
LISTS = ("ImageSets/Main", "ImageSets")


def matches(root: Path) -> bool:
    """A folder of frames and one of XML, or both kinds side by side."""
    return folders_of(root) is not None


def folders_of(root: Path) -> tuple[Path, Path] | None:
    """Where the frames and the XML files are."""
    images = [root / name for name in IMAGES if has_folders(root, name)]
    annotations = [root / name for name in ANNOTATIONS if has_folders(root, name) and has_xml(root / name)]
    if images and annotations:
        return images[0], annotations[0]
    beside = {Path(name).stem for name in names_in(root) if name.lower().endswith(".xml")}
    return (root, root) if holds(root) and beside else None


def has_xml(folder: Path) -> bool:
    """Whether there is XML below a folder that is not SIRST v2's."""
    return not has_folders(folder, "bboxes") and any(True for _ in files_below(folder, (".xml",)))


def frames(root: Path) -> list[Record]:
    """The frames with their boxes; one without an XML file is not labelled."""
    images, annotations = folders_of(root) or (root, root)
    found = by_id(annotations, suffixes=(".xml",))
    return [record_of(id, image, found.get(id)) for id, image in frames_by_id(images).items()]


def record_of(id: str, image: Path, annotations: Path | None) -> Record:
    """One frame; an object without a box stands for background."""
    if annotations is None:
        return Record(id, image)
    boxes = tuple(box_of(element, annotations) for element in read_xml(annotations).iter("bndbox"))
    return Record(id, image, boxes=boxes, empty=not boxes)


def box_of(element: Element, path: Path) -> Box:
    """Counted from one, with the last pixel inside."""
    left, top, right, bottom = numbers(element, ("xmin", "ymin", "xmax", "ymax"), path)
    first = max(round(top) - 1, 0), max(round(left) - 1, 0)
    return *first, max(round(bottom), first[0] + 1), max(round(right), first[1] + 1)


def splits(root: Path) -> Splits:
    """The lists of `ImageSets/`."""
    for name in LISTS:
        if found := lists_in(root / name):
            return found
    return {}


LAYOUT = Layout(matches, frames, splits)
