"""Defects of a sensor that stay where they are: pixels stuck for good, and pixels that blink."""

from dataclasses import dataclass

import numpy as np

from glimt.core.types import Image, Mask
from glimt.data.synthetic.noise import dead_pixels
from glimt.data.synthetic.sequence_options import SequenceOptions
from glimt.data.synthetic.targets import Profile, brightness, draw_profile, reach

LIT = 0.15  # share of the frames in which one of them is bright
LONE = 0.3  # share of them that are one pixel; the others leak into their neighbours


@dataclass(frozen=True)
class Blinker:
    """A place of the sensor that is bright in some frames, with the SCR of a target."""

    profile: Profile
    scr: float


@dataclass(frozen=True)
class Defects:
    """What is wrong with one sensor."""

    blinkers: tuple[Blinker, ...]
    stuck: Mask
    values: Image  # of the stuck pixels

    def blink(self, frame: Image, spared: Mask, rng: np.random.Generator) -> Image:
        """The frame with those bright that are in this frame; none shows where it would touch `spared`."""
        none = np.zeros(frame.shape, dtype=np.int32)
        for blinker in self.blinkers:
            window = blinker.profile.window
            if rng.random() < LIT and not spared[window].any():
                peak, _ = brightness(frame, blinker.profile, none, blinker.scr)
                frame = frame.copy()
                frame[window] = np.minimum(frame[window] + np.float32(max(peak, 0.0)) * blinker.profile.light, 1)
        return frame

    def stick(self, frame: Image) -> Image:
        """The frame with its stuck pixels."""
        return np.where(self.stuck, self.values, frame)


def draw_defects(frame: Image, options: SequenceOptions, rng: np.random.Generator) -> Defects:
    """Defects whose levels suit `frame`."""
    values = dead_pixels(frame, options.dead, np.zeros(frame.shape, dtype=bool), rng)
    blinkers = tuple(_draw_blinker(options, rng) for _ in range(options.blinking))
    return Defects(blinkers, values != frame, values)


def _draw_blinker(options: SequenceOptions, rng: np.random.Generator) -> Blinker:
    extent, psf = rng.uniform(*options.extent), rng.uniform(*options.psf)
    edge = reach(extent, psf) + 1
    row, col = rng.uniform(edge, np.array(options.size) - 1 - edge).tolist()
    lone = Profile(np.ones((1, 1), dtype=np.float32), round(row), round(col))
    profile = lone if rng.random() < LONE else draw_profile((row, col), extent, psf, rng)
    return Blinker(profile, rng.uniform(*options.scr))
