"""A frame's pixels for the page: its levels in 16 bits, the same with local contrast, and a small picture."""

from collections.abc import Callable
from typing import Literal

import cv2
import numpy as np

from glimt.annotate.frames import Opened, read_opened, version_of
from glimt.annotate.project import Project, open_frame
from glimt.annotate.register import place_in
from glimt.annotate.values import Frame
from glimt.core.types import Place

Enhance = Literal["none", "local", "clahe"]
WINDOW = 31  # px; of the local mean and spread
SPREADS = (-5.0, 10.0)  # local spreads from the local mean that become black and white
FLOOR = 0.25  # of the frame's middle spread, so that a flat place stays quiet
CLIP, TILES = 3.0, 8  # of CLAHE: the steepest slope, and tiles along each side
THUMB = 160  # px of a small picture's longer side
ENDS = (0.5, 99.9)  # percent of a small picture's pixels that become black and white


def place_of(project: Project, frame: Frame) -> Place:
    """Where a frame lies."""
    return place_in(project.root, frame.file, frame.page)


def raw_of(project: Project, frame: Frame, enhance: Enhance) -> bytes:
    """The levels, row by row, as little-endian 16-bit numbers, as they are or so that faint things show."""
    levels = open_frame(project, frame.id).levels
    ways: dict[Enhance, Callable[[np.ndarray], np.ndarray]] = {"local": local_contrast, "clahe": clahe}
    shown = ways[enhance](levels) if enhance in ways else levels
    return shown.astype("<u2").tobytes()


def local_contrast(levels: np.ndarray) -> np.ndarray:
    """How many local spreads each pixel stands from its local mean; a slope however steep is even in it."""
    values, size, half = levels.astype(np.float64), (WINDOW, WINDOW), WINDOW // 2
    wide = np.pad(values, half, "reflect", reflect_type="odd")  # a slope goes on beyond the frame's edge
    mean = cv2.blur(wide, size)[half:-half, half:-half]
    spread = np.sqrt(np.maximum(cv2.sqrBoxFilter(values - mean, -1, size), 0))
    score = (values - mean) / (spread + FLOOR * np.median(spread) + 1e-9)
    low, high = SPREADS
    return (np.clip(score, low, high) - low) * (65535 / (high - low))


def clahe(levels: np.ndarray) -> np.ndarray:
    """CLAHE in 16 bits, of the range that the frame uses: few levels would else stay together in one bin."""
    low, high = int(levels.min()), int(levels.max())
    wide = ((levels.astype(np.float64) - low) * (65535 / max(1, high - low))).astype(np.uint16)
    tiles = tuple(max(1, min(TILES, side // TILES)) for side in levels.shape[::-1])
    return cv2.createCLAHE(CLIP, tiles).apply(wide)


def thumb_of(project: Project, frame: Frame) -> bytes:
    """A small PNG. The frame is read past the ones that are kept open, which a list would push out."""
    place = place_of(project, frame)
    opened: Opened = read_opened(place, version_of(place), project.frames.raw)
    image = opened.image
    scale = min(1.0, THUMB / max(image.shape))
    size = tuple(max(1, round(side * scale)) for side in image.shape[::-1])
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    low, high = np.percentile(small, ENDS)
    grey = np.clip((small - low) / max(high - low, 1e-6), 0, 1) * 255
    return cv2.imencode(".png", grey.astype(np.uint8))[1].tobytes()
