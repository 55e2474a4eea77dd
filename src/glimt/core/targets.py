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
    """Number the 8-connected blobs of `mask` from one, in raster order of their first pixel; also say how many there are."""
    count, labels = cv2.connectedComponents(mask.view(np.uint8), connectivity=8, ltype=cv2.CV_32S)
    if count <= 2:
        return labels, count - 1
    return in_raster_order(labels, count - 1), count - 1


def in_raster_order(labels: Instances, count: int) -> Instances:
    """The same blobs, renumbered by where a row-by-row scan meets them first."""
    flat = labels.ravel()
    where = np.flatnonzero(flat)
    first = np.full(count + 1, flat.size)
    np.minimum.at(first, flat[where], where)
    rank = np.zeros(count + 1, dtype=np.int32)
    rank[np.argsort(first[1:], kind="stable") + 1] = np.arange(1, count + 1)
    return rank[labels]


def targets(mask: Mask) -> Targets:
    """Split `mask` into its 8-connected blobs."""
    labels, count = label(mask)
    return measure(labels, count)


def measure(labels: Instances, count: int) -> Targets:
    """Areas and centroids of the regions 1..count of `labels`. A missing region has area 0 and a centroid of NaN."""
    rows, cols = np.nonzero(labels)
    owner = labels[rows, cols]
    areas = np.bincount(owner, minlength=count + 1)[1:]
    with np.errstate(invalid="ignore"):
        row = np.bincount(owner, rows, minlength=count + 1)[1:] / areas
        col = np.bincount(owner, cols, minlength=count + 1)[1:] / areas
    return Targets(labels, np.stack([row, col], axis=1), areas)


def effective_radius(areas: Int[np.ndarray, " n"]) -> Float[np.ndarray, " n"]:
    """Radius of the disk with the same area, in pixels (paper 001: r = sqrt(area / pi))."""
    return np.sqrt(areas / np.pi)
