"""Pair clicks with masks that somebody has reviewed."""

from pathlib import Path

import numpy as np

from glimt.core.errors import DataError
from glimt.core.frames import read_mask
from glimt.core.targets import label
from glimt.core.types import Instances, Mask, Points
from glimt.inference.inputs import Inputs
from glimt.labelers.calibrate import Reviewed


def reviewed_frames(folder: Path, inputs: Inputs) -> list[Reviewed]:
    """The frames that have a mask `<id>.png` in `folder`. Raises DataError when none has."""
    frames = []
    for id in inputs.clicks:
        path = folder / f"{id}.png"
        if not path.is_file():
            continue
        mask, (image, points) = read_mask(path), inputs.read(id)
        if mask.shape != image.shape:
            raise DataError(f"{path}: mask is {mask.shape}, frame is {image.shape}")
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
