"""Frames for the eye: stretched, magnified without smoothing, with outlines on the edges of pixels.

What was found is a solid line, what is true a dashed one on top of it: where both run together the line alternates.
Orange and sky blue stay apart for every kind of colour vision (Okabe and Ito), and the dashes where colour is lost.
"""

import base64
from collections.abc import Sequence

import cv2
import numpy as np
from jaxtyping import Bool, UInt8

from glimt.core.errors import OutputError
from glimt.core.stretch import stretch
from glimt.core.types import Image, Mask, Points
from glimt.inference.detections import Detection

Picture = UInt8[np.ndarray, "_ _ 3"]  # RGB
Lines = Bool[np.ndarray, "_ _"]  # pixels of a picture

FOUND = (230, 159, 0)  # orange
TRUE = (86, 180, 233)  # sky blue
CLICK = (240, 228, 66)  # yellow
CASING = (30, 30, 30)  # around yellow, which white snow and bright targets would swallow
CLIPPED = (0.5, 99.8)  # percentiles that become black and white
LETTERS = cv2.FONT_HERSHEY_SIMPLEX
THUMBNAIL = 192  # px; side of a whole frame on a page
SMALLEST = (cv2.IMWRITE_PNG_COMPRESSION, 9, cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_DEFAULT)


def grey(image: Image) -> Picture:
    """The frame as grey for display."""
    return np.repeat(stretch(image, *CLIPPED)[..., None], 3, axis=2)


def overlay(
    image: Image, found: Mask | None = None, true: Mask | None = None, points: Points | None = None, scale: int = 8
) -> Picture:
    """The frame magnified `scale` times, with the outlines of the masks and a cross at each point."""
    picture = magnify(grey(image), scale)
    if found is not None:
        picture[outline(found, scale)] = FOUND
    if true is not None:
        picture[outline(true, scale) & _dashes(picture.shape[:2], scale)] = TRUE
    for row, col in [] if points is None else points:
        at = (round((col + 0.5) * scale - 0.5), round((row + 0.5) * scale - 0.5))
        size, thickness = max(2 * scale, 7), max(1, scale // 5)
        cv2.drawMarker(picture, at, CASING, cv2.MARKER_CROSS, size + 2, thickness + 2)
        cv2.drawMarker(picture, at, CLICK, cv2.MARKER_CROSS, size, thickness)
    return picture


def rings(image: Image, targets: Sequence[Detection], least: int = 512) -> Picture:
    """The frame magnified until its long side has `least` px, with a ring around each target and its score beside."""
    scale = max(1, -(-least // max(image.shape)))
    picture = magnify(grey(image), scale)
    for target in targets:
        centre = (round((target.col + 0.5) * scale), round((target.row + 0.5) * scale))
        radius = round((target.radius + 3) * scale)
        for colour, thickness in ((CASING, 3), (FOUND, 1)):
            cv2.circle(picture, centre, radius, colour, thickness, cv2.LINE_AA)
        beside = (centre[0] + radius + 3, centre[1] + 4)
        for colour, thickness in ((CASING, 3), (FOUND, 1)):
            cv2.putText(picture, f"{target.score:.2f}", beside, LETTERS, 0.4, colour, thickness, cv2.LINE_AA)
    return picture


def frame_with_box(image: Image, place: tuple[slice, slice] | None = None, most: int = THUMBNAIL) -> Picture:
    """A whole frame, no side above `most` pixels, with a box where a window of it is shown elsewhere."""
    share = min(1.0, most / max(image.shape))
    size = (max(1, round(image.shape[1] * share)), max(1, round(image.shape[0] * share)))
    picture = grey(image if share == 1 else cv2.resize(image, size, interpolation=cv2.INTER_AREA))
    if place is not None:
        rows, cols = place
        near = (round(cols.start * share), round(rows.start * share))
        far = (round(cols.stop * share) - 1, round(rows.stop * share) - 1)
        for colour, thickness in ((CASING, 3), (CLICK, 1)):
            cv2.rectangle(picture, near, far, colour, thickness)
    return picture


def magnify(picture: Picture, scale: int) -> Picture:
    """Each pixel as a square of `scale` pixels."""
    return picture.repeat(scale, axis=0).repeat(scale, axis=1)


def outline(mask: Mask, scale: int) -> Lines:
    """The edges of the mask's pixels in the magnified picture, a fifth of a pixel to either side."""
    large = mask.repeat(scale, axis=0).repeat(scale, axis=1).view(np.uint8)
    reach = max(1, scale // 5)
    brush = np.ones((2 * reach + 1, 2 * reach + 1), dtype=np.uint8)
    return cv2.morphologyEx(large, cv2.MORPH_GRADIENT, brush, borderType=cv2.BORDER_REPLICATE) > 0


def data_uri(picture: Picture) -> str:
    """The picture as a PNG inside an address."""
    done, code = cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), SMALLEST)
    if not done:
        raise OutputError(f"cannot encode a picture of {picture.shape}")
    return "data:image/png;base64," + base64.b64encode(code.tobytes()).decode("ascii")


def _dashes(shape: tuple[int, int], scale: int) -> Lines:
    """Half of the picture, in slanting stripes: a line along either axis is drawn and left out by turns."""
    rows, cols = np.arange(shape[0])[:, None], np.arange(shape[1])[None, :]
    return (rows + cols) // max(2, scale // 2) % 2 == 0
