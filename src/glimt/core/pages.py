"""The pages of a TIFF file, one at a time (needs `pip install "glimt[video]"`)."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from glimt.core.errors import FrameError, GlimtError
from glimt.core.frames import grey, own_levels, to_image
from glimt.core.types import Image


def iter_pages(path: Path) -> Iterator[Image]:
    """Each page as a frame in [0, 1], in the order of the file."""
    with open_pages(path) as pages:
        for i, page in enumerate(pages):
            yield to_image(page_pixels(page, path, i))


def count_pages(path: Path) -> int:
    """How many pages a TIFF file has, reduced copies aside."""
    with open_pages(path) as pages:
        return len(pages)


def read_page(path: Path, i: int) -> Image:
    """Page `i`, counted from zero, without reading the others."""
    with open_pages(path) as pages:
        if not 0 <= i < len(pages):
            raise FrameError(f"{path} has frames 0 to {len(pages) - 1}, {i} was asked")
        return to_image(page_pixels(pages[i], path, i))


@contextmanager
def open_pages(path: Path) -> Iterator[list[Any]]:
    """The pages of an open file. Raises FrameError where it is no TIFF."""
    try:
        import tifffile
    except ImportError as error:
        raise GlimtError(f'{path}: reading TIFF pages needs tifffile: pip install "glimt[video]"') from error
    try:
        file = tifffile.TiffFile(path)
    except OSError as error:
        raise FrameError(f"cannot read {path}: {error.strerror or error}") from error
    except Exception as error:  # a damaged header raises nearly anything
        raise FrameError(f"cannot decode {path}: {error}") from error
    with file:
        pages: Any = file.pages
        yield [page for page in pages if not page.is_reduced]


def page_pixels(page: Any, path: Path, i: int) -> np.ndarray:
    """One page's grey levels as uint8, uint16 or float32."""
    try:
        pixels = page.asarray()
    except Exception as error:  # a missing codec, a cut or a damaged page
        raise FrameError(f"cannot decode {path}, page {i}: {error}") from error
    return own_levels(page_grey(page, pixels), path)


def page_grey(page: Any, pixels: np.ndarray) -> np.ndarray:
    """Undo what the page's tags say about its colours, and take the grey."""
    if page.photometric == 0:  # white is zero
        return np.invert(pixels) if pixels.dtype.kind in "ub" else pixels
    if page.photometric == 3:  # palette, 16 bits a colour, red first
        colours = (page.colormap[::-1] >> 8).astype(np.uint8)
        return grey(np.ascontiguousarray(colours[:, pixels].transpose(1, 2, 0)))
    if pixels.ndim == 3 and page.planarconfig == 2:  # a plane a colour
        pixels = pixels.transpose(1, 2, 0)
    if pixels.ndim == 3 and pixels.shape[2] > 2:
        pixels = np.ascontiguousarray(pixels[:, :, 2::-1])
    return grey(pixels)
