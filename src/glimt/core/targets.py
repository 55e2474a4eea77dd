"""Targets: the 8-connected blobs of a mask, their areas, centroids, boxes and effective radii."""

from typing import NamedTuple

import cv2
import numpy as np
from jaxtyping import Float, Int

from glimt.core.types import Instances, Mask, Points


class Targets(NamedTuple):
    """The blobs of one mask in raster order; row i of each array is about the same blob."""

    labels: Instances
    centroids: Points  # mean (row, col) of the blob's pixels
    areas: Int[np.ndarray, " n"]  # pixels


def label(mask: Mask) -> tuple[Instances, int]:
    """Number the 8-connected blobs of `mask` from one, in raster order of their first pixel; also say how many."""
    pixels, labels = mask.view(np.uint8), np.zeros(mask.shape, dtype=np.int32)
    left, top, width, height = cv2.boundingRect(pixels)
    if not width:
        return labels, 0
    filled = slice(top, top + height), slice(left, left + width)  # to number no more takes a fifth of the time
    # CCL_WU numbers blobs in raster order; the default algorithm scans in blocks of two by two and does not
    count, labels[filled] = cv2.connectedComponentsWithAlgorithm(pixels[filled], 8, cv2.CV_32S, cv2.CCL_WU)
    return labels, count - 1


def targets(mask: Mask) -> Targets:
    """Split `mask` into its 8-connected blobs."""
    labels, count = label(mask)
    return measure(labels, count)


def measure(labels: Instances, count: int) -> Targets:
    """Areas and centroids of the regions 1..count of `labels`. A missing region has area 0 and a centroid of NaN."""
    rows, cols = np.divmod(np.flatnonzero(labels != 0), labels.shape[1])  # ten times quicker than nonzero of integers
    owner = labels[rows, cols]
    areas = np.bincount(owner, minlength=count + 1)[1:]
    with np.errstate(invalid="ignore"):
        row = np.bincount(owner, rows, minlength=count + 1)[1:] / areas
        col = np.bincount(owner, cols, minlength=count + 1)[1:] / areas
    return Targets(labels, np.stack([row, col], axis=1), areas)


def effective_radius(areas: Int[np.ndarray, " n"]) -> Float[np.ndarray, " n"]:
    """Radius of the disk with the same area, in pixels (paper 001: r = sqrt(area / pi))."""
    return np.sqrt(areas / np.pi)
