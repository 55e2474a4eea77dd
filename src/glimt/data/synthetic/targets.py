"""Small targets: shapes at sub-pixel places, blurred by the optics, and how bright each must be for its SCR.

The mask of a target is every pixel where the target alone, without noise, reaches `EDGE` of its brightest pixel.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from glimt.core.clutter import MARGIN
from glimt.core.types import Image, Instances, Mask, Point

EDGE = 1 / 3  # of the peak: human masks of SIRST end at 0.33 of the contrast, in the median
FINE = 5  # samples along a pixel's side
SLIMMEST = 0.3  # px; half-axis of a point target before the optics
REACHABLE = 0.9  # of the SCR at which a target's own faint rim outweighs the clutter


@dataclass(frozen=True)
class Profile:
    """One target without its brightness: light per pixel, 1 at the peak, and where its patch lies in the frame."""

    light: Image
    top: int
    left: int

    @property
    def window(self) -> tuple[slice, slice]:
        """The patch's place in the frame."""
        rows, cols = self.light.shape
        return slice(self.top, self.top + rows), slice(self.left, self.left + cols)

    @property
    def mask(self) -> Mask:
        """The target's pixels within the patch."""
        return self.light >= EDGE


def reach(extent: float, psf: float) -> int:
    """Pixels from a target's centre beyond which it gives no light."""
    return int(np.ceil(extent + 4 * psf)) + 1


def draw_profile(centre: Point, extent: float, psf: float, rng: np.random.Generator) -> Profile:
    """A body `extent` pixels from its centre to its tip, winged or not, seen through a Gaussian PSF of spread `psf`."""
    row, col = round(centre[0]), round(centre[1])
    half = reach(extent, psf)
    axis = (np.arange(FINE * (2 * half + 1)) + 0.5) / FINE - 0.5 - half
    down, along = axis[:, None] - (centre[0] - row), axis[None, :] - (centre[1] - col)
    body = _body(down, along, extent, rng).astype(np.float32)
    seen = cv2.GaussianBlur(body, (0, 0), psf * FINE, borderType=cv2.BORDER_CONSTANT)
    light = seen.reshape(2 * half + 1, FINE, 2 * half + 1, FINE).mean(axis=(1, 3))
    return Profile(light / light.max(), row - half, col - half)


def _body(down: np.ndarray, along: np.ndarray, extent: float, rng: np.random.Generator) -> Image:
    angle, slim = rng.uniform(0, np.pi), rng.uniform(0.4, 1)
    winged = rng.random() < 0.4
    body = _ellipse(down, along, (extent, extent * slim), angle)
    wings = _ellipse(down, along, (extent * 0.8, extent * 0.3), angle + rng.uniform(0.9, np.pi / 2))
    return np.maximum(body, wings) if winged else body


def _ellipse(down: np.ndarray, along: np.ndarray, halves: tuple[float, float], angle: float) -> Image:
    """1 inside, 0 outside, with an edge one sample wide, so that its centre is not rounded to the samples."""
    long, short = (max(half, SLIMMEST) for half in halves)
    forward = along * np.cos(angle) + down * np.sin(angle)
    aside = down * np.cos(angle) - along * np.sin(angle)
    inwards = (1 - np.hypot(forward / long, aside / short)) * short  # px
    return np.clip(inwards * FINE + 0.5, 0, 1)


def offset(frame: Image, profile: Profile) -> float:
    """How far the target's place already stands off its surroundings, in spreads of the surroundings."""
    inside, around = _split(frame, profile, np.zeros(frame.shape, dtype=np.int32))
    return abs(inside.mean() - around.mean()) / max(around.std(), 1e-9)


def brightness(frame: Image, profile: Profile, taken: Instances, scr: float) -> tuple[float, float]:
    """The peak that gives the target `scr` over `frame` (negative when `scr` is), and the SCR it then has.

    With a the peak, p the profile, i inside the mask and o its surroundings (`MARGIN` pixels about its box, less every
    target), |mean_i(frame + a p) - mean_o(frame + a p)| = scr * std_o(frame + a p) is a quadratic in a, solved exactly.
    A target cannot outgrow its own rim: beyond `REACHABLE` of that limit the SCR is capped.
    """
    light = np.zeros_like(frame)
    light[profile.window] = profile.light
    inside, around = _split(frame, profile, taken)
    lit, rim = _split(light, profile, taken)
    gain, start = lit.mean() - rim.mean(), inside.mean() - around.mean()
    wanted = min(abs(scr), REACHABLE * gain / max(rim.std(), 1e-9))
    square = gain**2 - wanted**2 * rim.var()
    linear = gain * start - wanted**2 * ((around - around.mean()) * (rim - rim.mean())).mean()
    rest = start**2 - wanted**2 * around.var()
    root = np.sqrt(max(linear**2 - square * rest, 0))
    return float((-linear + np.copysign(root, scr)) / square), float(wanted)


def _split(frame: Image, profile: Profile, taken: Instances) -> tuple[np.ndarray, np.ndarray]:
    """Values inside the target's mask, and around it where no target is."""
    rows, cols = np.nonzero(profile.mask)
    top, left = profile.top + rows.min(), profile.left + cols.min()
    bottom, right = profile.top + rows.max() + 1, profile.left + cols.max() + 1
    own = (slice(max(0, top - MARGIN), bottom + MARGIN), slice(max(0, left - MARGIN), right + MARGIN))
    free = taken[own] == 0
    free[profile.top + rows - own[0].start, profile.left + cols - own[1].start] = False
    return frame[profile.window][profile.mask].astype(float), frame[own][free].astype(float)
