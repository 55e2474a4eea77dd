"""A frame's grey levels as they are stored, or, for a frame of a video or a stack, as an image file can store them."""

import numpy as np

from glimt.core.frames import Pixels, read_pixels, to_image
from glimt.core.types import Image, Place
from glimt.data.samples import read_place

STACKS = (".mat",)  # files that are no image though they hold one frame alone
NEAR = 1e-3  # of a grey level: float32 holds those of 8 bits to less


def is_image_file(place: Place) -> bool:
    """Whether the place is a file that can be copied as it is."""
    return place.page is None and place.file.suffix.lower() not in STACKS


def stored_levels(place: Place) -> Pixels:
    """uint8 or uint16: the levels of an image file, else 8 bits where they hold the frame exactly, else 16."""
    if not is_image_file(place):
        return in_few_bits(read_place(place))
    pixels = read_pixels(place.file)
    return pixels if pixels.dtype.kind == "u" else in_16_bits(to_image(pixels))


def in_few_bits(image: Image) -> Pixels:
    """The frame in 8 bits where that loses nothing."""
    levels = image * np.float32(255)
    whole = np.rint(levels)
    return whole.astype(np.uint8) if np.abs(levels - whole).max() < NEAR else in_16_bits(image)


def in_16_bits(image: Image) -> Pixels:
    """The frame in 16 bits."""
    return np.rint(image * 65535).astype(np.uint16)
