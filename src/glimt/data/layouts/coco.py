"""COCO JSON in the root or in `annotations/`, one file a split: polygons, run lengths, boxes, keypoints.

HIT-UAV's keys (`annotation`, `filename`) and empty segmentations (`[]`, `[[]]`) are read too. A frame is looked for as
its `file_name` says, then in `images/`, then by its bare name. Keypoints are pixel centres, boxes have pixel edges.
Frames whose names share a folder (`data6/0.bmp`) are a sequence.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from glimt.core.errors import DataError
from glimt.core.types import Box, Point, Record, Region
from glimt.data.layouts.json_files import read_json
from glimt.data.layouts.layout import Layout, Split, Splits
from glimt.data.layouts.lists import strip_type
from glimt.data.layouts.locate import locator
from glimt.data.layouts.paths import names_in, natural, sequence_of
from glimt.data.regions import Polygon, Shape, from_counts, from_polygons
from glimt.data.shapes import frame_shape

Entry = Mapping[str, Any]  # one image or annotation as the file writes it


def matches(root: Path) -> bool:
    """Any COCO file."""
    return bool(files_of(root))


def files_of(root: Path) -> list[Path]:
    """The COCO files of a dataset: `root` itself, or those in it and in its `annotations/`."""
    if root.is_file():
        return [root] if root.suffix.lower() == ".json" and is_coco(root) else []
    return [path for folder in (root, root / "annotations") for path in coco_in(folder)]


def coco_in(folder: Path) -> list[Path]:
    """The COCO files of one folder; where the first JSON file is LabelMe's, none is opened any more."""
    paths = [folder / name for name in names_in(folder) if name.lower().endswith(".json") and not name.startswith(".")]
    if paths and "shapes" in parsed(paths[0]):
        return []
    return [path for path in paths if is_coco(path)]


def is_coco(path: Path) -> bool:
    """Whether a file lists images and has annotations."""
    found = parsed(path)
    return isinstance(found.get("images"), list) and isinstance(annotations_of(found), list)


def parsed(path: Path) -> Entry:
    """The object of a file, or nothing where it holds anything else."""
    try:
        return read_json(path)
    except DataError:
        return {}


def annotations_of(found: Entry) -> Any:
    """The annotations under either key."""
    return found.get("annotations", found.get("annotation"))


def frames(root: Path) -> list[Record]:
    """The frames of every file. Raises DataError where two files say different things of one frame."""
    records: dict[str, Record] = {}
    locate = locator(root.parent if root.is_file() else root)
    for path in files_of(root):
        for record in records_in(path, lambda name, file=path: locate(name, file)):
            if records.setdefault(record.id, record) != record:
                raise DataError(f"{path}: another file has other annotations for {record.id}; give one file alone")
    return in_sequences([records[id] for id in sorted(records, key=natural)])


def in_sequences(records: list[Record]) -> list[Record]:
    """The records with the sequence that their names tell, where at least two share it."""
    frames = Counter(sequence_of(record.id) for record in records)
    names = (sequence_of(record.id) for record in records)
    return [
        replace(record, sequence=name) if name and frames[name] > 1 else record
        for record, name in zip(records, names, strict=True)
    ]


def splits(root: Path) -> Splits:
    """Each file is a split."""
    return {path.stem: Split(tuple(map(name_of, read_json(path)["images"])), path) for path in files_of(root)}


def records_in(path: Path, locate: Callable[[str], Path]) -> list[Record]:
    """The frames of one file, in its order. Raises DataError where it is malformed."""
    found, by_image = read_json(path), defaultdict(list)
    annotations = annotations_of(found)
    try:
        for annotation in annotations:
            by_image[annotation["image_id"]].append(annotation)
        records = [
            record_of(image, by_image.pop(image["id"], []), locate, bool(annotations)) for image in found["images"]
        ]
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        what = f"no {error}" if isinstance(error, KeyError) else error
        raise DataError(f"{path}: not what COCO's format says: {what}") from error
    if by_image:
        raise DataError(
            f"{path}: {len(by_image)} image ids have annotations and no image, e.g. {next(iter(by_image))!r}"
        )
    refuse_repeated(records, path)
    return records


def refuse_repeated(records: Iterable[Record], path: Path) -> None:
    """Raise DataError where two images share a name."""
    seen: set[str] = set()
    for record in records:
        if record.id in seen:
            raise DataError(f"{path}: two images are called {record.id!r}; give them names of their own")
        seen.add(record.id)


def name_of(image: Entry) -> str:
    """A frame's name as the file writes it."""
    return str(image["file_name"] if "file_name" in image else image["filename"])


def record_of(image: Entry, annotations: list[Entry], locate: Callable[[str], Path], labelled: bool) -> Record:
    """One frame. Regions are kept only where every target has one, for a mask must not lack targets."""
    name = name_of(image)
    path = locate(name)
    shape = shape_of(image, path) if any(segmentation_of(one) for one in annotations) else (0, 0)
    regions = [region_of(one, shape) for one in annotations]
    boxes = [box for one in annotations if (box := box_of(one)) is not None]
    points = [point for one in annotations for point in points_of(one)]
    whole = tuple(region for region in regions if region is not None)
    whole = whole if len(whole) == len(annotations) else ()
    return Record(strip_type(name), path, None, tuple(points), tuple(boxes), whole, labelled and not annotations)


def shape_of(image: Entry, path: Path) -> Shape:
    """The frame's size as the file says, else as the frame does."""
    if image.get("height") and image.get("width"):
        return int(image["height"]), int(image["width"])
    return frame_shape(path)


def segmentation_of(annotation: Entry) -> Any:
    """A segmentation that holds something, or None."""
    found = annotation.get("segmentation")
    return found if isinstance(found, dict) else [part for part in found or () if part] or None


def region_of(annotation: Entry, shape: Shape) -> Region | None:
    """The target's pixels; None where only its box is known."""
    found = segmentation_of(annotation)
    if found is None:
        return None
    if isinstance(found, dict):
        if list(found["size"]) != list(shape):
            raise ValueError(f"run lengths for a frame of {found['size']}, the image is {list(shape)}")
        return from_counts(found["counts"], shape)
    return from_polygons([polygon_of(numbers) for numbers in found], shape)


def polygon_of(numbers: list[float]) -> Polygon:
    """x, y, x, y, ... as corners."""
    if len(numbers) < 6 or len(numbers) % 2:
        raise ValueError(f"a polygon of {len(numbers)} numbers; it takes three corners, an x and a y each")
    return np.array(numbers, dtype=float).reshape(-1, 2)


def box_of(annotation: Entry) -> Box | None:
    """The box to whole pixels, at least one each way; None where there is none or it has no size."""
    if not annotation.get("bbox"):
        return None
    left, top, width, height = map(float, annotation["bbox"])
    if width <= 0 or height <= 0:
        return None
    rows, cols = (round(top), round(top + height)), (round(left), round(left + width))
    return rows[0], cols[0], max(rows[1], rows[0] + 1), max(cols[1], cols[0] + 1)


def points_of(annotation: Entry) -> list[Point]:
    """The keypoints that are marked."""
    numbers = list(map(float, annotation.get("keypoints") or ()))
    return [(row, col) for col, row, seen in zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True) if seen]


LAYOUT = Layout(matches, frames, splits)
