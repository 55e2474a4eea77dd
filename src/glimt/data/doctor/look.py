"""One look at a frame and its mask: everything the checks need to know, small enough to keep for every frame."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from jaxtyping import Float

from glimt.core.encoded import decode
from glimt.core.errors import FrameError
from glimt.core.frames import Pixels, grey, own_levels, to_image, top
from glimt.core.targets import label
from glimt.core.types import Mask, Place, Point, Record
from glimt.data.levels import is_image_file
from glimt.data.samples import read_place

THUMBNAIL = 32  # px a side
SMOOTH = 3.0  # px of the thumbnail; what is wider (sky, vignetting) is alike in unrelated frames and is taken out
PALETTE = b"\x89PNG\r\n\x1a\n", 25, 3  # a PNG's first bytes, where its colour type is, and the type that has a palette

Thumbnail = Float[np.ndarray, "32 32"]


@dataclass(frozen=True)
class Picture:
    """A file's shape and how it stores grey."""

    shape: tuple[int, int]
    palette: bool = False
    coloured: bool = False  # red, green and blue differ somewhere
    transparent: bool = False  # alpha is below its maximum somewhere
    bits: int = 8  # of a grey level: 8, 16, or 32 for floats


@dataclass(frozen=True)
class Labelled:
    """What a mask holds; targets are 8-connected."""

    picture: Picture
    top: float  # the value that stands for white
    levels: tuple[tuple[float, int], ...]  # each grey level and its pixels
    counts: tuple[int, int, int]  # targets over zero, over half, at the top
    single: tuple[Point, ...]  # targets of one pixel
    touching: tuple[Point, ...]  # targets whose parts meet at corners only


@dataclass(frozen=True)
class Look:
    """One record as found on disk. What is missing or cannot be read is None; `problems` says why."""

    record: Record
    image: Picture | None = None
    mask: Labelled | None = None
    digest: bytes = b""  # equal for equal grey levels
    thumbnail: Thumbnail | None = None
    problems: tuple[tuple[Path, str], ...] = ()


def look(record: Record) -> Look:
    """Read a record's frame and mask once."""
    problems: list[tuple[Path, str]] = []
    image, digest, thumbnail, mask = None, b"", None, None
    try:
        image, pixels = open_frame(record.place)
        digest, thumbnail = digest_of(pixels), thumbnail_of(pixels)
    except FrameError as error:
        problems.append((record.image, str(error)))
    try:
        mask = None if record.mask is None else labelled(*open_picture(record.mask))
    except FrameError as error:
        problems.append((record.mask or record.image, str(error)))
    return Look(record, image, mask, digest, thumbnail, tuple(problems))


def open_frame(place: Place) -> tuple[Picture, Pixels]:
    """How a frame stores its grey levels, and the levels; for one of a video or a stack, as they are handed on."""
    if is_image_file(place):
        return open_picture(place.file)
    pixels = read_place(place)
    return Picture(pixels.shape, bits=8 * pixels.itemsize), pixels


def open_picture(path: Path) -> tuple[Picture, Pixels]:
    """How a file stores its grey levels, and the levels."""
    stored = decode(path)
    pixels = own_levels(grey(stored), path)
    if stored.ndim == 2:
        return Picture(pixels.shape, bits=8 * pixels.itemsize), pixels
    first, *others = np.moveaxis(stored, 2, 0)
    coloured = len(others) > 1 and not all(np.array_equal(first, other) for other in others[:2])
    transparent = len(others) in (1, 3) and bool((others[-1] < top(others[-1])).any())
    return Picture(pixels.shape, has_palette(path), coloured, transparent, 8 * pixels.itemsize), pixels


def has_palette(path: Path) -> bool:
    """Whether a file is a PNG with a palette."""
    start, where, kind = PALETTE
    with path.open("rb") as file:
        head = file.read(where + 1)
    return head.startswith(start) and head[where] == kind


def digest_of(pixels: Pixels) -> bytes:
    """The same for frames with the same levels and shape, whatever file they came from."""
    head = f"{pixels.dtype} {pixels.shape}".encode()
    return hashlib.sha256(head + np.ascontiguousarray(pixels).tobytes()).digest()


def thumbnail_of(pixels: Pixels) -> Thumbnail | None:
    """The frame's coarse detail with mean 0 and length 1; None where there is no detail at all."""
    small = cv2.resize(to_image(pixels), (THUMBNAIL, THUMBNAIL), interpolation=cv2.INTER_AREA)
    detail = small - cv2.GaussianBlur(small, (0, 0), SMOOTH)
    detail -= detail.mean()
    length = float(np.linalg.norm(detail))
    return detail / np.float32(length) if length > 1e-6 else None


def labelled(picture: Picture, pixels: Pixels) -> Labelled:
    """Measure a mask."""
    white = top(pixels)
    levels, sizes = np.unique(pixels, return_counts=True)
    mask = pixels > white / 2
    counts = count(pixels > 0), count(mask), count(pixels == white)
    single, touching = oddities(mask)
    return Labelled(picture, white, tuple(zip(levels.tolist(), sizes.tolist(), strict=True)), counts, single, touching)


def count(mask: Mask) -> int:
    """How many targets."""
    return label(mask)[1]


def oddities(mask: Mask) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
    """First pixels of the targets that are one pixel, and of those that fall apart when corners do not connect."""
    blobs, number = label(mask)
    parts = cv2.connectedComponents(mask.view(np.uint8), connectivity=4, ltype=cv2.CV_32S)[1]
    rows, cols = np.nonzero(mask)
    owner = blobs[rows, cols]
    first = np.searchsorted(np.sort(owner), np.arange(1, number + 1))
    places = np.stack([rows, cols], axis=1)[np.argsort(owner, kind="stable")][first]
    areas = np.bincount(owner, minlength=number + 1)[1:]
    pairs = np.unique(np.stack([owner, parts[rows, cols]]), axis=1)
    fragments = np.bincount(pairs[0], minlength=number + 1)[1:]
    return as_points(places[areas == 1]), as_points(places[fragments > 1])


def as_points(places: np.ndarray) -> tuple[Point, ...]:
    """Rows of (row, col) as plain tuples."""
    return tuple((float(row), float(col)) for row, col in places)
