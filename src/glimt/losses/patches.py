"""The patches of the TDA loss: each target's box, grown a little, cut out and resized to one size.

Resizing is linear: a patch P becomes R P C^T, with one matrix for its rows and one for its columns. The sum of the
resized patch, and of its product with the resized label of pixels G, are then sums over the pixels of P itself,
weighted by R^T 1 1^T C and by (R^T R) G (C^T C). So no prediction is resized: each of its pixels has two constant
shares.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int
from scipy.ndimage import find_objects

from glimt.core.targets import label
from glimt.core.types import Image, Instances, SoftMask

Values = Float[np.ndarray, " n"]
Window = tuple[slice, slice]


class Patches(NamedTuple):
    """The n targets of a batch, whose patches have k pixels together."""

    images: Int[np.ndarray, " n"]  # the image each target is in
    areas: Values  # pixels of each target
    contrasts: Values  # its mean grey value less that of its patch's background; 0 where the patch has none
    masses: Values  # sum of its resized label
    pixels: Int[np.ndarray, " k"]  # where each pixel lies in the flattened batch
    owners: Int[np.ndarray, " k"]  # the target whose patch it is in
    shares: Float[np.ndarray, "2 k"]  # its share in the sum of that resized patch, and of its product with the label


class Resizing(NamedTuple):
    """What the linear resizing of one side does to sums."""

    sums: Float[np.ndarray, " m"]  # R^T 1: what each old pixel adds to the sum of the new ones
    products: Float[np.ndarray, "m m"]  # R^T R: what each pair of old pixels adds to the sum of products of new ones


def find_patches(
    labels: Float[np.ndarray, "b h w"],
    frames: Float[np.ndarray, "b h w"],
    size: int,
    margins: Callable[[int], Sequence[int]],
) -> Patches | None:
    """Cut out every target, a blob of label above 0.5; `margins(n)` says how far each box grows. None without targets.

    A patch ends at the edge of the frame. Other targets in it are part of its label, but not of its background.
    """
    blobs = [label(one > 0.5)[0] for one in labels]
    places = [(i, j, box) for i, one in enumerate(blobs) for j, box in enumerate(find_objects(one), start=1)]
    if not places:
        return None
    grown = [grow(box, margin) for (_, _, box), margin in zip(places, margins(len(places)), strict=True)]
    found = [(i, j, window) for (i, j, _), window in zip(places, grown, strict=True)]
    areas, contrasts = np.array([_look(frames[i][window], blobs[i][window], j) for i, j, window in found]).T
    shares = [shares_of(labels[i][window], size) for i, _, window in found]
    pixels = [_pixels(i, window, labels[i].shape) for i, _, window in found]
    return Patches(
        images=np.array([i for i, _, _ in found]),
        areas=areas,
        contrasts=contrasts,
        masses=np.array([mass for mass, _ in shares]),
        pixels=np.concatenate(pixels),
        owners=np.repeat(np.arange(len(found)), [len(one) for one in pixels]),
        shares=np.concatenate([one for _, one in shares], axis=1),
    )


def grow(box: Window, margin: int) -> Window:
    """A box with `margin` more pixels on each side; a slice ends at the frame's far edges by itself."""
    rows, cols = (slice(max(0, side.start - margin), side.stop + margin) for side in box)
    return rows, cols


def shares_of(patch: SoftMask, size: int) -> tuple[float, Float[np.ndarray, "2 k"]]:
    """The sum of a resized label, and the two shares of each of the patch's pixels."""
    rows, cols = resizing(patch.shape[0], size), resizing(patch.shape[1], size)
    alone, with_label = np.outer(rows.sums, cols.sums), rows.products @ patch @ cols.products
    return float((alone * patch).sum()), np.stack([alone.ravel(), with_label.ravel()])


@lru_cache(maxsize=128)
def resizing(length: int, size: int) -> Resizing:
    """Resizing of `length` pixels to `size`, linear between pixel centres, constant beyond the outer ones."""
    at = np.clip((np.arange(size) + 0.5) * length / size - 0.5, 0, length - 1)
    matrix = np.maximum(0, 1 - np.abs(at[:, None] - np.arange(length)))
    return Resizing(matrix.sum(0), matrix.T @ matrix)


def _look(frame: Image, blobs: Instances, number: int) -> tuple[float, float]:
    """Area and contrast of one target in its window."""
    inside, outside = frame[blobs == number], frame[blobs == 0]
    return inside.size, float(inside.mean() - outside.mean()) if outside.size else 0.0


def _pixels(image: int, window: Window, shape: tuple[int, int]) -> Int[np.ndarray, " m"]:
    """Where the pixels of a window lie in the flattened batch."""
    rows, cols = (np.arange(*side.indices(length)) for side, length in zip(window, shape, strict=True))
    return ((image * shape[0] + rows)[:, None] * shape[1] + cols).ravel()
