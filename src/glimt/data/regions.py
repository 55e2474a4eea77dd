"""Targets as run lengths. Polygons are COCO's: pixel (row, col) covers x from col to col + 1, y from row to row + 1."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float
from pycocotools import mask

from glimt.core.types import Box, Mask, Region

Shape = tuple[int, int]  # rows, cols
coco_mask: Any = mask  # its type hints know no plain dict

Polygon = Float[np.ndarray, "_ 2"]  # (x, y)


def region_of(pixels: Mask) -> Region:
    """The run lengths of a mask."""
    return _region(coco_mask.encode(np.asfortranarray(pixels.view(np.uint8))))


def mask_of(region: Region) -> Mask:
    """The pixels of a region."""
    runs = run_lengths(region.counts)
    rows, cols = region.size
    return np.ascontiguousarray(np.repeat(np.arange(len(runs)) % 2 == 1, runs).reshape(cols, rows).T)


def union(regions: Sequence[Region]) -> Mask:
    """The pixels of any of the regions, which must be of one size."""
    return mask_of(merged(regions))


def merged(regions: Sequence[Region]) -> Region:
    """Several regions of one size as one."""
    return _region(coco_mask.merge([rle(region) for region in regions]))


def from_polygons(polygons: Sequence[Polygon], shape: Shape) -> Region:
    """The pixels inside any of the polygons. Raises ValueError for a corner more than a frame away from the frame."""
    limits = np.array(shape[::-1])
    for polygon in polygons:
        if not ((polygon >= -limits) & (polygon <= 2 * limits)).all():  # pycocotools walks every step of a side
            raise ValueError(f"a polygon with a corner far outside the frame of {shape[0]} rows x {shape[1]} cols")
    flat = [np.asarray(polygon, dtype=float).ravel().tolist() for polygon in polygons]
    return _region(coco_mask.merge(coco_mask.frPyObjects(flat, *shape)))


def from_counts(counts: Any, shape: Shape) -> Region:
    """Run lengths as COCO writes them: numbers, or its compressed text. Raises ValueError where they do not fit."""
    text = counts.encode() if isinstance(counts, str) else counts
    runs = counts if isinstance(counts, list) else run_lengths(text)
    if any(run < 0 for run in runs) or sum(runs) != shape[0] * shape[1]:
        raise ValueError(f"run lengths add up to {sum(runs)}, the frame has {shape[0] * shape[1]} pixels")
    if isinstance(counts, list):
        return _region(coco_mask.frPyObjects({"size": list(shape), "counts": counts}, *shape))
    return Region(shape, text)


def run_lengths(text: bytes) -> list[int]:
    """The run lengths behind COCO's compressed text, read here because pycocotools trusts a text that is cut short.

    A number is written in groups of five bits, lowest first, each as the character 48 + group; bit 6 says that more
    follow, bit 5 of the last group is the sign. From the fourth on, a number is the difference to the one two before.
    """
    runs: list[int] = []
    value = shift = 0
    for byte in text:
        group = byte - 48
        if not 0 <= group < 64:
            raise ValueError(f"{chr(byte)!r} is no character of run lengths")
        value |= (group & 31) << shift
        shift += 5
        if group & 32:
            continue
        value -= (1 << shift) if group & 16 else 0
        runs.append(value + (runs[-2] if len(runs) > 2 else 0))
        value = shift = 0
    if shift:
        raise ValueError("the text of run lengths is cut short")
    return runs


def box_of(region: Region) -> Box:
    """The smallest box around a region; (0, 0, 0, 0) when it has no pixel."""
    left, top, width, height = (round(number) for number in coco_mask.toBbox(rle(region)).tolist())
    return top, left, top + height, left + width


def area_of(region: Region) -> int:
    """How many pixels a region has."""
    return int(coco_mask.area(rle(region)))


def rle(region: Region) -> dict[str, Any]:
    """A region as pycocotools wants it."""
    return {"size": list(region.size), "counts": region.counts}


def _region(code: dict[str, Any]) -> Region:
    rows, cols = code["size"]
    return Region((int(rows), int(cols)), code["counts"])
