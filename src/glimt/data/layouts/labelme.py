"""LabelMe: one JSON a frame, beside it or in a folder of its own; polygons, circles, masks, rectangles and points.

The canvas measures from the frame's top left corner, so the middle of pixel (row, col) is x = col + 0.5, y = row + 0.5.
A rectangle is a box, not a mask. Polygons of one `group_id` are one target.
"""

import base64
import binascii
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from glimt.core.errors import DataError
from glimt.core.frames import FRAME_SUFFIXES
from glimt.core.types import Box, Mask, Point, Record, Region
from glimt.data.layouts.coco import parsed
from glimt.data.layouts.json_files import read_json
from glimt.data.layouts.layout import Layout
from glimt.data.layouts.locate import Locate, locator
from glimt.data.layouts.paths import files_below, frames_by_id, has_folders, holds, natural
from glimt.data.regions import Shape, box_of, from_polygons, merged, region_of
from glimt.data.shapes import frame_shape

Shapes = list[Mapping[str, Any]]
KINDS = ("polygon", "rectangle", "point", "circle", "mask")


def matches(root: Path) -> bool:
    """A file with LabelMe's `shapes`, or a folder that has one below it."""
    return bool(files_of(root))


def files_of(root: Path) -> list[Path]:
    """The LabelMe files: `root` itself, or every JSON of the folders below it whose first JSON is LabelMe's."""
    if root.is_file():
        return [root] if root.suffix.lower() == ".json" and is_labelme(root) else []
    folders: dict[Path, list[Path]] = {}
    for path in files_below(root, (".json",)):
        folders.setdefault(path.parent, []).append(path)
    return [path for files in folders.values() if is_labelme(files[0]) for path in files]


def is_labelme(path: Path) -> bool:
    """Whether a file has a list of shapes."""
    return isinstance(parsed(path).get("shapes"), list)


def frames(root: Path) -> list[Record]:
    """Every frame: those that a JSON names, and those without one, which are not labelled."""
    if root.is_file():
        return [record_of(root, locator(root.parent), root.parent)]
    base = root / "images" if has_folders(root, "images") and not holds(root) else root
    locate = locator(root)
    labelled = [record_of(path, locate, base) for path in files_of(root)]
    refuse_repeated(labelled, root)
    known = {record.image for record in labelled}
    others = [Record(id, path) for id, path in frames_by_id(base).items() if path not in known]
    return sorted(labelled + others, key=lambda record: natural(record.id))


def refuse_repeated(records: Iterable[Record], root: Path) -> None:
    """Raise DataError where two files label one frame."""
    seen: set[str] = set()
    for record in records:
        if record.id in seen:
            raise DataError(f"{root}: two LabelMe files name the frame {record.id!r} ({record.image})")
        seen.add(record.id)


def record_of(path: Path, locate: Locate, base: Path) -> Record:
    """The frame that one file labels. Raises DataError where the file is malformed."""
    found = read_json(path)
    image = image_of(path, found, locate)
    id = image.relative_to(base) if image.is_relative_to(base) else Path(path.name)
    try:
        shapes = [shape for shape in found["shapes"] if shape.get("shape_type", "polygon") != "point"]
        points = tuple(point_of(shape) for shape in found["shapes"] if shape.get("shape_type") == "point")
        size = size_of(found, image) if shapes else (0, 0)
        boxes, regions = boxes_and_regions(shapes, size)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        what = f"no {error}" if isinstance(error, KeyError) else error
        raise DataError(f"{path}: not what LabelMe writes: {what}") from error
    return Record(id.with_suffix("").as_posix(), image, None, points, boxes, regions, not found["shapes"])


def image_of(path: Path, found: Mapping[str, Any], locate: Locate) -> Path:
    """The frame that the file names, else the one of the file's own name."""
    named = locate(str(found.get("imagePath") or path.with_suffix(".png").name), path)
    if named.is_file():
        return named
    same = (locate(path.with_suffix(suffix).name, path) for suffix in FRAME_SUFFIXES)
    return next((other for other in same if other.is_file()), named)


def size_of(found: Mapping[str, Any], image: Path) -> Shape:
    """The frame's size as the file says, else as the frame does."""
    if found.get("imageHeight") and found.get("imageWidth"):
        return int(found["imageHeight"]), int(found["imageWidth"])
    return frame_shape(image)


def boxes_and_regions(shapes: Shapes, size: Shape) -> tuple[tuple[Box, ...], tuple[Region, ...]]:
    """Boxes of all targets; regions only where every target has one, for a mask must not lack targets."""
    boxes: list[Box] = []
    regions: list[Region] = []
    for target in grouped(shapes):
        found = [region for shape in target if (region := region_in(shape, size)) is not None]
        if found:
            regions.append(merged(found))
            boxes.append(box_of(regions[-1]))
        else:
            boxes.append(rectangle_of(target[0]))
    return tuple(boxes), tuple(regions) if len(regions) == len(boxes) else ()


def grouped(shapes: Shapes) -> Iterable[Shapes]:
    """Shapes of one group together, the others alone."""
    groups: dict[Any, Shapes] = {}
    for i, shape in enumerate(shapes):
        group = shape.get("group_id")
        groups.setdefault(("alone", i) if group is None else ("group", group), []).append(shape)
    return groups.values()


def region_in(shape: Mapping[str, Any], size: Shape) -> Region | None:
    """The pixels of a polygon, a circle or a mask; None for a rectangle."""
    kind, corners = shape.get("shape_type", "polygon"), corners_of(shape)
    if kind not in KINDS:
        raise ValueError(f"a shape of type {kind!r}; read are {', '.join(KINDS)}")
    if kind == "circle":
        return region_of(disk(corners, size))
    if kind == "mask":
        return region_of(pasted(shape["mask"], corners, size))
    if kind == "rectangle":
        return None
    if len(corners) < 3:
        raise ValueError(f"a polygon of {len(corners)} corners")
    return from_polygons([corners], size)


def corners_of(shape: Mapping[str, Any]) -> np.ndarray:
    """The shape's (x, y) places."""
    return np.array(shape["points"], dtype=float).reshape(-1, 2)


def point_of(shape: Mapping[str, Any]) -> Point:
    """A point as (row, col) with pixel centres at whole numbers."""
    x, y = corners_of(shape)[0]
    return float(y) - 0.5, float(x) - 0.5


def rectangle_of(shape: Mapping[str, Any]) -> Box:
    """Two opposite corners as whole pixels, at least one each way."""
    corners = corners_of(shape)
    left, top = np.rint(corners.min(axis=0)).astype(int).tolist()
    right, bottom = np.rint(corners.max(axis=0)).astype(int).tolist()
    return top, left, max(bottom, top + 1), max(right, left + 1)


def disk(corners: np.ndarray, size: Shape) -> Mask:
    """Pixels whose centres lie within a circle, given by its centre and a place on its rim."""
    (x, y), rim = corners[0], corners[1]
    rows, cols = np.ogrid[: size[0], : size[1]]
    return np.hypot(rows + 0.5 - y, cols + 0.5 - x) <= np.hypot(rim[0] - x, rim[1] - y)


def pasted(text: str, corners: np.ndarray, size: Shape) -> Mask:
    """A mask kept as a PNG of the target's box, put back into the frame."""
    try:
        code = np.frombuffer(base64.b64decode(text, validate=True), dtype=np.uint8)
    except binascii.Error as error:
        raise ValueError(f"a mask that is no base64: {error}") from error
    patch = cv2.imdecode(code, cv2.IMREAD_GRAYSCALE) if code.size else None
    left, top = np.rint(corners[0]).astype(int).tolist()
    mask = np.zeros(size, dtype=bool)
    if patch is None or mask[top : top + patch.shape[0], left : left + patch.shape[1]].shape != patch.shape:
        raise ValueError("a mask that cannot be decoded, or that leaves the frame")
    mask[top : top + patch.shape[0], left : left + patch.shape[1]] = patch > 0
    return mask


LAYOUT = Layout(matches, frames)
