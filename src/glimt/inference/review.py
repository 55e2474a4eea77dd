"""Pair clicks with masks that somebody has reviewed."""

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from glimt.core.errors import DataError
from glimt.core.frames import read_mask
from glimt.core.targets import label
from glimt.core.types import Image, Instances, Mask, Points
from glimt.labelers.calibrate import Reviewed


def reviewed_frames(folder: Path, ids: Iterable[str], read: Callable[[str], tuple[Image, Points]]) -> list[Reviewed]:
    """The frames that have a mask `<id>.png` in `folder`. Raises DataError when none has."""
    found = [id for id in ids if (folder / f"{id}.png").is_file()]
    frames = []
    for id in found:
        mask = read_mask(folder / f"{id}.png")
        try:
            image, points = read(id)
        except KeyError:  # a frame without clicks
            continue
        if mask.shape != image.shape:
            raise DataError(f"{folder / id}.png: mask is {mask.shape}, frame is {image.shape}")
        frames.append(Reviewed(image, points, instances_of(mask, points)))
    if not frames:
        raise DataError(f"{folder}: no mask there is named like a frame with clicks; expected <frame>.png")
    return frames


def instances_of(mask: Mask, points: Points) -> Instances:
    """The blob under each click, numbered like the clicks; blobs without a click are left out."""
    blobs, count = label(mask)
    rows, cols = np.rint(points).astype(int).T
    owner = np.zeros(count + 1, dtype=np.int32)
    owner[blobs[rows, cols]] = np.arange(1, len(points) + 1)
    owner[0] = 0
    return owner[blobs]
