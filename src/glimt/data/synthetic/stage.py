"""A sequence without its targets: the world, the camera, the specks on the ground and the sensor's own pattern."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from glimt.core.types import Image, Points
from glimt.data.synthetic.backdrop import Backdrop, dim, draw_backdrop
from glimt.data.synthetic.background import BACKGROUNDS, Field, Shape
from glimt.data.synthetic.camera import draw_camera, room_needed, room_within
from glimt.data.synthetic.footage import Film, find_clips, read_clip
from glimt.data.synthetic.light import steady
from glimt.data.synthetic.noise import column_pattern, photon_noise
from glimt.data.synthetic.sequence_options import SequenceOptions
from glimt.data.synthetic.targets import Profile, brightness, draw_profile, reach
from glimt.data.synthetic.view import look

FOOTAGE = "footage"


@dataclass(frozen=True)
class Stage:
    """Everything behind the targets, at any frame."""

    kind: str
    size: Shape
    backdrop: Backdrop
    specks: Field  # light that lies on the world
    camera: Points
    columns: Image
    noise: float
    seed: tuple[int, int]

    def clean(self, t: int) -> Image:
        """What the camera sees at frame `t`, without its noise."""
        row, col = self.camera[t].tolist()
        return look(self.backdrop(t) + self.specks, (row, col), self.size)

    def seen(self, t: int) -> Image:
        """What the camera delivers at frame `t`, its defects aside; the noise is fresh, the columns are not."""
        clean = self.clean(t)
        return clean + photon_noise(clean, self.noise, self.rng(t)) + self.columns

    def rng(self, t: int, purpose: int = 1) -> np.random.Generator:
        """A generator for one purpose at one frame."""
        return np.random.default_rng([*self.seed, t, purpose])


def draw_stage(options: SequenceOptions, seed: tuple[int, int], rng: np.random.Generator) -> Stage:
    """The stage of a sequence. The clips of footage take turns, by the sequence's number."""
    if options.footage:
        clips = find_clips(Path(options.footage), options.stills)
        film = read_clip(clips[seed[1] % len(clips)], options.frames, options.size, rng)
        kind, backdrop = FOOTAGE, Film(tuple(dim(picture) for picture in film.pictures))
        room = room_within(film(0).shape, options)
    else:
        kind = options.background if options.background != "mixed" else str(rng.choice(list(BACKGROUNDS)))
        room = room_needed(options)
        backdrop = draw_backdrop(kind, room.world(options.size), rng)
    camera = draw_camera(options, room, rng)
    specks = draw_specks(backdrop(0), options, rng)
    columns = column_pattern(np.zeros(options.size, dtype=np.float32), options.columns, rng)
    return Stage(kind, options.size, backdrop, specks, camera, columns, options.noise, seed)


def draw_specks(world: Image, options: SequenceOptions, rng: np.random.Generator) -> Image:
    """The light of what looks like a target and lies still: as bright at the first frame as a target would be."""
    noisy = world + photon_noise(world, options.noise, rng)
    count = round(options.specks * world.size / (options.size[0] * options.size[1]))
    specks = [_draw_speck(noisy, options, rng) for _ in range(count)]
    usual = np.median([abs(peak) for _, peak in specks]) if specks else 0.0
    light = np.zeros_like(world)
    for profile, peak in specks:
        light[profile.window] += np.float32(steady(peak, float(np.copysign(usual, peak)))) * profile.light
    return light


def _draw_speck(world: Image, options: SequenceOptions, rng: np.random.Generator) -> tuple[Profile, float]:
    extent, psf = rng.uniform(*options.extent), rng.uniform(*options.psf)
    edge = reach(extent, psf) + 1
    row, col = rng.uniform(edge, np.array(world.shape) - 1 - edge).tolist()
    profile = draw_profile((row, col), extent, psf, rng)
    scr = rng.uniform(*options.scr) * (-1 if rng.random() < options.dark else 1)
    return profile, brightness(world, profile, np.zeros(world.shape, dtype=np.int32), scr)[0]
