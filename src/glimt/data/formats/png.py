"""Masks as PNG (0 and 255) in the BasicIRSTD layout: `images/`, `masks/`, `img_idx/`.

Frames whose clicks were drawn or given also get one-pixel masks in `masks_points/`, as LESPS trains on.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from glimt.core.files import write_png
from glimt.core.types import Mask
from glimt.data.formats.annotated import Annotated
from glimt.data.formats.format import Format, Lists, copy_frame, write_lists
from glimt.data.points import one_pixel_mask
from glimt.data.regions import union


def write(out: Path, frames: Iterable[Annotated], lists: Lists) -> Iterator[Path]:
    """Write frames, masks, one-pixel masks and lists."""
    kept = set()
    for frame in frames:
        kept.add(frame.id)
        yield copy_frame(out, frame)
        yield write_mask(out / "masks" / f"{frame.id}.png", mask_of(frame))
        clicks = [target.point for target in frame.targets if target.point is not None]
        if clicks:
            pixels = one_pixel_mask(np.array(clicks, dtype=float), frame.shape, frame.id)
            yield write_mask(out / "masks_points" / f"{frame.id}.png", pixels)
    yield from write_lists(out / "img_idx", lists, kept)


def mask_of(frame: Annotated) -> Mask:
    """The pixels of any target."""
    regions = [target.region for target in frame.targets if target.region is not None]
    return union(regions) if regions else np.zeros(frame.shape, dtype=bool)


def write_mask(path: Path, mask: Mask) -> Path:
    """Write a mask as 0 and 255."""
    write_png(path, mask.astype(np.uint8) * np.uint8(255))
    return path


FORMAT = Format(write, "masks", "basicirstd")
