"""Redraw masks at a chosen share of each target's height: the annotators' convention as one number.

Annotators differ in where a blurred target ends: SIRST's masks end at about a third of the peak's height, those of
other sets lower. `tau` says where, as a share of the way from the background to the peak.
"""

import cv2
import numpy as np

from glimt.core.types import Image, Mask
from glimt.labelers.labeler import Drawing

NOISE = 2.0  # robust standard deviations of the background that a mask must stay above, whatever tau asks
CORE = np.ones((5, 5), np.uint8)


def at_level(image: Image, clicks: np.ndarray, drawing: Drawing, tau: float, reach: int = 30) -> Drawing:
    """Each mask becomes the 4-connected pixels around its peak above the level, within `reach` px of its click.

    A mask that would reach that far has no edge at this level, and stays as it is. Pixels go to the nearest click.
    """
    levelled = np.zeros_like(drawing.instances)
    for i, (row, col) in enumerate(clicks):
        window = tuple(
            slice(max(0, at - reach), min(end, at + reach + 1)) for at, end in zip((row, col), image.shape, strict=True)
        )
        seen = image[window] * np.float32(drawing.sign[i])
        mask = drawing.instances[window] == i + 1
        flooded = flood(seen, mask, drawing.instances[window] > 0, nearest(clicks, i, window), tau)
        own = flooded if flooded.any() and not touches_reach(flooded, image.shape, window) else mask
        levelled[window][own & (levelled[window] == 0)] = i + 1
        levelled[row, col] = i + 1
    return drawing._replace(instances=levelled)


def flood(seen: Image, mask: Mask, taken: Mask, room: Mask, tau: float) -> Mask:
    """The 4-connected pixels above the level around the mask's brightest one; nothing without a background."""
    if not mask.any():
        return mask
    peak = np.where(mask, seen, -np.inf)
    summit = np.unravel_index(int(peak.argmax()), peak.shape)
    zone = background(mask) & ~taken
    if not zone.any():
        return np.zeros_like(mask)
    low = np.median(seen[zone])
    noise = 1.4826 * np.median(np.abs(seen[zone] - low))
    above = room & (seen >= max(low + tau * (peak[summit] - low), low + NOISE * noise))
    _, parts = cv2.connectedComponents(above.astype(np.uint8), connectivity=4)
    return (parts == parts[summit]) & above


def background(mask: Mask) -> Mask:
    """The mask's box, grown by its radius and four pixels, without the mask and two pixels around it."""
    rows, cols = np.nonzero(mask)
    margin = int(np.ceil(np.sqrt(rows.size / np.pi))) + 4
    zone = np.zeros_like(mask)
    zone[
        max(0, rows.min() - margin) : rows.max() + margin + 1, max(0, cols.min() - margin) : cols.max() + margin + 1
    ] = True
    return zone & (cv2.dilate(mask.astype(np.uint8), CORE) == 0)


def nearest(clicks: np.ndarray, i: int, window: tuple[slice, ...]) -> Mask:
    """The pixels of the window to which no other click is strictly nearer than click i."""
    rows, cols = np.ogrid[window[0].start : window[0].stop, window[1].start : window[1].stop]
    squared = [(rows - row) ** 2 + (cols - col) ** 2 for row, col in clicks]
    return squared[i] <= np.minimum.reduce(squared)


def touches_reach(flooded: Mask, shape: tuple[int, ...], window: tuple[slice, ...]) -> bool:
    """Whether the flood meets an edge of the window that is not an edge of the frame."""
    top, left = window[0].start > 0, window[1].start > 0
    bottom, right = window[0].stop < shape[0], window[1].stop < shape[1]
    return bool(
        (top and flooded[0].any())
        or (left and flooded[:, 0].any())
        or (bottom and flooded[-1].any())
        or (right and flooded[:, -1].any())
    )
