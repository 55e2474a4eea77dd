"""Targets that move: where each is in the world at every frame, and what it looks like."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from glimt.core.types import Point, Points
from glimt.data.synthetic.background import Shape
from glimt.data.synthetic.sequence_options import SequenceOptions
from glimt.data.synthetic.targets import Profile, draw_profile

TURN = 0.03  # rad a frame; no target turns faster
WEAVE = (40.0, 160.0)  # frames between two turns to the same side


@dataclass(frozen=True)
class Mover:
    """One target; row t of `ground`, `seen` and `velocity` is about frame t. `scr` is negative for a dark target."""

    ground: Points  # centre in the world
    seen: Points  # centre in the frame, which it may have left
    velocity: Points  # in the world, to the next frame
    scr: np.ndarray
    extent: float
    psf: float
    shape: int  # seed of its outline

    def profile(self, t: int, size: Shape) -> Profile:
        """How it looks in frame `t`, cut at the frame's edges."""
        centre: Point = (float(self.seen[t, 0]), float(self.seen[t, 1]))
        return cut(draw_profile(centre, self.extent, self.psf, np.random.default_rng(self.shape)), size)

    def present(self, size: Shape) -> np.ndarray:
        """In which frames its centre lies."""
        return np.all((self.seen >= 0) & (self.seen <= np.array(size) - 1), axis=1)


def draw_mover(options: SequenceOptions, camera: Points, moments: Sequence[int], rng: np.random.Generator) -> Mover:
    """A target that is somewhere within the frame at one of the `moments`."""
    velocity = _velocity(options, rng)
    ground = np.concatenate([np.zeros((1, 2)), np.cumsum(velocity[:-1], axis=0)])
    moment = rng.choice(moments)
    edge = min(options.size) / 8
    ground += camera[moment] + rng.uniform(edge, np.array(options.size) - 1 - edge) - ground[moment]
    scr = _between(rng.uniform(*options.scr, size=2), options.frames, rng)
    sign = -1.0 if rng.random() < options.dark else 1.0
    looks = rng.uniform(*options.extent), rng.uniform(*options.psf), int(rng.integers(2**32))
    return Mover(ground, ground - camera, velocity, sign * scr, *looks)


def apart(mover: Mover, others: Sequence[Mover], distance: float) -> bool:
    """Whether it keeps its distance from every other target in every frame."""
    gaps = [np.linalg.norm(mover.ground - other.ground, axis=1) - other.extent for other in others]
    return all((gap >= distance + mover.extent).all() for gap in gaps)


def cut(profile: Profile, size: Shape) -> Profile:
    """The part of a profile that lies within a frame."""
    rows, cols = (
        slice(max(0, -start), max(0, min(length, side - start)))
        for start, length, side in zip((profile.top, profile.left), profile.light.shape, size, strict=True)
    )
    return Profile(profile.light[rows, cols], max(0, profile.top), max(0, profile.left))


def _velocity(options: SequenceOptions, rng: np.random.Generator) -> Points:
    """One speed, and a heading that swings slowly to either side."""
    turns = rng.uniform(0, TURN) * _swing(options.frames, rng)
    heading = rng.uniform(0, 2 * np.pi) + np.cumsum(turns)
    return rng.uniform(*options.speed) * np.stack([np.sin(heading), np.cos(heading)], axis=1)


def _between(ends: np.ndarray, frames: int, rng: np.random.Generator) -> np.ndarray:
    return ends.mean() + (ends[1] - ends[0]) / 2 * _swing(frames, rng)


def _swing(frames: int, rng: np.random.Generator) -> np.ndarray:
    return np.sin(2 * np.pi * (np.arange(frames) / rng.uniform(*WEAVE) + rng.uniform(0, 1)))
