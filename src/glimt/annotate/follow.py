"""Find a target again in another frame: the shift at which the pixels around it correlate best."""

from typing import NamedTuple

import cv2
import numpy as np
from jaxtyping import Float

from glimt.core.types import Box, Point

Pixels = Float[np.ndarray, "_ _"]  # `_`, as frame and patch differ in size

SPREAD = 1e-6  # of a grey level in [0, 1]; a flatter patch says nothing
MARGIN = 3  # px around the target that the patch also shows


class Match(NamedTuple):
    """How far a target moved, in whole pixels, and the correlation there, in [-1, 1]; 0 where nothing can be said."""

    shift: tuple[int, int]
    score: float


def patch_of(box: Box, shape: tuple[int, ...]) -> Box:
    """The target's box with a margin around it, cut at the frame's edges."""
    top, left, bottom, right = box
    return max(0, top - MARGIN), max(0, left - MARGIN), min(shape[0], bottom + MARGIN), min(shape[1], right + MARGIN)


def follow(before: Pixels, after: Pixels, box: Box, expected: Point = (0.0, 0.0), search: int = 16) -> Match:
    """The best match within `search` px of the `expected` shift, each way; of equal ones the first in raster order."""
    top, left, bottom, right = patch_of(box, before.shape)
    patch = before[top:bottom, left:right]
    row, col = top + round(expected[0]), left + round(expected[1])
    first, start = max(0, row - search), max(0, col - search)
    area = after[first : max(0, row + search + bottom - top), start : max(0, col + search + right - left)]
    if area.shape[0] < patch.shape[0] or area.shape[1] < patch.shape[1] or patch.std() < SPREAD:
        return Match((0, 0), 0.0)
    scores = correlation(np.ascontiguousarray(area), np.ascontiguousarray(patch))
    i, j = np.unravel_index(int(scores.argmax()), scores.shape)
    return Match((first + int(i) - top, start + int(j) - left), float(scores[i, j]))


def correlation(area: Pixels, patch: Pixels) -> np.ndarray:
    """The normalised cross-correlation of the patch at each place of the area; 0 over flat places."""
    level = np.float32(patch.mean())  # a smaller number squares with less loss
    scores = cv2.matchTemplate(area - level, patch - level, cv2.TM_CCOEFF_NORMED)
    size = patch.shape[1], patch.shape[0]
    wide, part = cv2.blur(area - level, size, anchor=(0, 0)), cv2.sqrBoxFilter(area - level, -1, size, anchor=(0, 0))
    flat = part - wide**2 < SPREAD**2
    scores[flat[: scores.shape[0], : scores.shape[1]] | ~np.isfinite(scores)] = 0.0
    return scores.clip(-1.0, 1.0)
