"""Small projects for the tests of the annotation tool."""

import uuid

import cv2
import numpy as np

from glimt.annotate.masks import boxed
from glimt.annotate.values import Author, Draft

SHAPE = (40, 48)


def frame(targets=(), seed=0, shape=SHAPE, dtype=np.uint16):
    """Noise and a smooth slope, with 3x3 targets (brighter, or darker for a negative height) at (row, col, height)."""
    rng = np.random.default_rng(seed)
    image = 8000 + rng.normal(0, 60, shape) + 10 * np.arange(shape[0])[:, None]
    for row, col, height in targets:
        image[max(0, row - 1) : row + 2, max(0, col - 1) : col + 2] += height
    return np.rint(image if dtype == np.uint16 else image / 257).astype(dtype)


def write_frames(root, frames):
    root.mkdir(parents=True, exist_ok=True)
    for name, pixels in frames.items():
        path = root / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(path), pixels)
    return root


def by(user="ann", key=None):
    return Author(user, key or uuid.uuid4().hex)


def square(top=9, left=9, side=3):
    return boxed(np.ones((side, side), bool), top, left)


def a_draft(row=10.0, col=10.0, **values):
    known = {"uuid": str(uuid.uuid4()), "seeds": ((row, col),), "mask": square(round(row) - 1, round(col) - 1)}
    return Draft(**known | values)
