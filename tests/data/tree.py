"""Small datasets on disk, for the tests of layouts and formats."""

import json

import cv2
import numpy as np

SHAPE = (12, 20)


def png(path, mask=None):
    """A frame of 12 x 20 with grey levels of its own, or the mask given."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.arange(SHAPE[0] * SHAPE[1], dtype=np.uint8).reshape(SHAPE) if mask is None else mask
    assert cv2.imwrite(str(path), pixels)
    return path


def spot(top=3, left=5, height=2, width=3):
    """A mask of one rectangular target, 0 and 255."""
    mask = np.zeros(SHAPE, np.uint8)
    mask[top : top + height, left : left + width] = 255
    return mask


def text(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def dump(path, values):
    return text(path, json.dumps(values))


def pairs(root, names, images="images", masks="masks", ending=""):
    """Frames with masks of one target; the i-th lies i columns further right."""
    for i, name in enumerate(names):
        png(root / images / f"{name}.png")
        png(root / masks / f"{name}{ending}.png", spot(left=5 + i))


def coco(root, images, annotations, name="instances.json", **more):
    return dump(root / name, {"images": images, "annotations": annotations, "categories": [{"id": 1}], **more})


def voc(*boxes, objects=""):
    """The XML of one frame; a box is (xmin, ymin, xmax, ymax)."""
    names = ("xmin", "ymin", "xmax", "ymax")
    parts = ["".join(f"<{n}>{v}</{n}>" for n, v in zip(names, box, strict=True)) for box in boxes]
    found = "".join(f"<object><name>Target</name><bndbox>{part}</bndbox></object>" for part in parts)
    return f"<annotation><filename>x</filename>{found}{objects}</annotation>"


def labelme(*shapes, image="a.png", **more):
    """The JSON of one frame; a shape is (type, corners) or (type, corners, group)."""
    found = [
        {"label": "t", "shape_type": kind, "points": corners, "group_id": group[0] if group else None}
        for kind, corners, *group in shapes
    ]
    return {"version": "5", "shapes": found, "imagePath": image, "imageHeight": 12, "imageWidth": 20, **more}
