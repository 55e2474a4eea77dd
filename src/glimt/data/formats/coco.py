"""COCO JSON: `images/`, and a file a split in `annotations/`, or `annotations/all.json` where there are no splits.

Masks are run lengths, which lose nothing. `attributes` hold the centroid (cx, cy, pixel centres at whole numbers) and
the effective radius; a click is a keypoint. Frames that stand in no split go to `annotations/unlisted.json`.
"""

from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from glimt.core.targets import effective_radius
from glimt.data.formats.annotated import Annotated, Target
from glimt.data.formats.format import Format, Lists, copy_frame, plain_name, write_json
from glimt.data.regions import area_of, mask_of

Entry = dict[str, Any]
CATEGORY = {"id": 1, "name": "target", "supercategory": "target", "keypoints": ["click"], "skeleton": []}


def write(out: Path, frames: Iterable[Annotated], lists: Lists) -> Iterator[Path]:
    """Write frames and annotations."""
    entries: dict[str, tuple[Entry, list[Entry]]] = {}
    for i, frame in enumerate(frames, start=1):
        yield copy_frame(out, frame)
        rows, cols = frame.shape
        image = {"id": i, "file_name": frame.name, "height": rows, "width": cols}
        entries[frame.id] = image, [annotation_of(target, i) for target in frame.targets]
    for name, ids in with_rest(lists, entries).items():
        path = out / "annotations" / f"{plain_name(name)}.json"
        write_json(path, content_of([entries[id] for id in ids if id in entries]))
        yield path


def with_rest(lists: Lists, ids: Iterable[str]) -> Lists:
    """The splits, and what stands in none of them."""
    listed = {id for names in lists.values() for id in names}
    rest = tuple(id for id in ids if id not in listed)
    return {**lists, ("unlisted" if lists else "all"): rest} if rest or not lists else lists


def content_of(frames: list[tuple[Entry, list[Entry]]]) -> Entry:
    """One file; annotations are numbered from one."""
    numbers = count(1)
    annotations = [{"id": next(numbers), **annotation} for _, found in frames for annotation in found]
    return {"images": [image for image, _ in frames], "annotations": annotations, "categories": [CATEGORY]}


def annotation_of(target: Target, image: int) -> Entry:
    """One target. A click alone has a box without size."""
    entry: Entry = {"image_id": image, "category_id": 1, "iscrowd": 0} | extent_of(target)
    if target.point is not None:
        row, col = target.point
        entry |= {"keypoints": [col, row, 2], "num_keypoints": 1}
    return entry


def extent_of(target: Target) -> Entry:
    """Box, area and, where the pixels are known, run lengths, centroid and radius."""
    if target.box is None:
        row, col = target.click
        return {"bbox": [col, row, 0, 0], "area": 0, "segmentation": []}
    top, left, bottom, right = target.box
    box = [left, top, right - left, bottom - top]
    if target.region is None:
        return {"bbox": box, "area": box[2] * box[3], "segmentation": []}
    area = area_of(target.region)
    code = {"size": list(target.region.size), "counts": target.region.counts.decode()}
    cy, cx = np.argwhere(mask_of(target.region)).mean(axis=0).tolist()
    radius = float(effective_radius(np.array([area]))[0])
    return {"bbox": box, "area": area, "segmentation": code, "attributes": {"cx": cx, "cy": cy, "radius": radius}}


FORMAT = Format(write, "points", "coco")
