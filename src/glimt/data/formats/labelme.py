"""LabelMe: a JSON beside each frame in `images/`. Masks become polygons, boxes rectangles, clicks points.

Polygons follow the edges of pixels. Read by the rule "a pixel is inside when its centre is" they are exact; a tool that
also paints the pixels its line touches shows them wider by one row and one column.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from glimt.data.formats.annotated import Annotated, Target
from glimt.data.formats.format import Format, Lists, copy_frame, write_json
from glimt.data.outline import outline
from glimt.data.regions import box_of, mask_of


def write(out: Path, frames: Iterable[Annotated], lists: Lists) -> Iterator[Path]:
    """Write frames and shapes. LabelMe knows no splits."""
    for frame in frames:
        yield copy_frame(out, frame)
        path = out / "images" / f"{frame.id}.json"
        write_json(path, content_of(frame))
        yield path


def content_of(frame: Annotated) -> dict[str, Any]:
    """The JSON of one frame."""
    rows, cols = frame.shape
    return {
        "version": "5.0.1",
        "flags": {},
        "shapes": [shape for target in frame.targets for shape in shapes_of(target)],
        "imagePath": Path(frame.name).name,
        "imageData": None,
        "imageHeight": rows,
        "imageWidth": cols,
    }


def shapes_of(target: Target) -> Iterator[dict[str, Any]]:
    """A polygon or a rectangle, and a point where there is a click."""
    if target.region is not None:
        yield shape_of("polygon", corners_of(target))
    elif target.box is not None:
        top, left, bottom, right = target.box
        yield shape_of("rectangle", [[left, top], [right, bottom]])
    if target.point is not None:
        row, col = target.point
        yield shape_of("point", [[col + 0.5, row + 0.5]])


def corners_of(target: Target) -> list[list[float]]:
    """The outline of the target's pixels."""
    assert target.region is not None
    top, left, bottom, right = box_of(target.region)
    patch = np.ascontiguousarray(mask_of(target.region)[top:bottom, left:right])
    return (outline(patch) + np.array([left, top])).tolist()


def shape_of(kind: str, corners: list[list[float]]) -> dict[str, Any]:
    """One shape as LabelMe writes it."""
    return {"label": "target", "points": corners, "group_id": None, "shape_type": kind, "flags": {}}


FORMAT = Format(write, "points", "labelme")
