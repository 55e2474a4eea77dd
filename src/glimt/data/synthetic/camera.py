"""Where the camera looks in each frame: a slow pan, a shake, and rare jumps."""

from dataclasses import dataclass

import numpy as np

from glimt.core.types import Points
from glimt.data.synthetic.background import Shape
from glimt.data.synthetic.sequence_options import SequenceOptions
from glimt.data.synthetic.view import fold

SHAKE = 3.0  # spreads; no shake is wider
WIDEST = 0.4  # of the frame's side; a longer pan turns back
TILT = 0.3  # rad; how far a pan may leave the horizontal


@dataclass(frozen=True)
class Room:
    """How far the camera may move (rows, cols): by panning, by jumping either way, and by shaking."""

    pan: tuple[float, float]
    jump: tuple[float, float]
    shake: float

    def world(self, size: Shape) -> Shape:
        """The size of a picture in which a frame can move so far."""
        rows, cols = (
            side + int(np.ceil(pan + 2 * (jump + self.shake)))
            for side, pan, jump in zip(size, self.pan, self.jump, strict=True)
        )
        return rows, cols


def room_needed(options: SequenceOptions) -> Room:
    """The room for all that the options ask."""
    way = options.frames * options.pan[1]
    pan = (min(way * np.sin(TILT), WIDEST * options.size[0]), min(way, WIDEST * options.size[1]))
    jump = options.jump[1] if options.jumps[1] else 0.0
    return Room(pan, (jump, jump), SHAKE * options.jitter)


def room_within(picture: Shape, options: SequenceOptions) -> Room:
    """The room that a given picture leaves; a shake may look over its edge, where it is mirrored."""
    slack = [float(whole - side) for whole, side in zip(picture, options.size, strict=True)]
    jump = [min(options.jump[1], part / 4) if options.jumps[1] else 0.0 for part in slack]
    return Room((slack[0] - 2 * jump[0], slack[1] - 2 * jump[1]), (jump[0], jump[1]), 0.0)


def draw_camera(options: SequenceOptions, room: Room, rng: np.random.Generator) -> Points:
    """The place of the frame's first pixel in the world, one a frame."""
    steps = np.arange(options.frames)[:, None]
    start = rng.uniform(0, 1, size=2) * room.pan
    angle = rng.uniform(-TILT, TILT)
    way = rng.uniform(*options.pan) * rng.choice([-1, 1]) * np.array([np.sin(angle), np.cos(angle)])
    pan = np.stack([fold(start[i] + way[i] * steps[:, 0], room.pan[i]) for i in range(2)], axis=1)
    shake = np.clip(rng.standard_normal(pan.shape), -SHAKE, SHAKE) * options.jitter
    return room.shake + np.array(room.jump) + pan + _jumps(options, room, rng) + shake


def _jumps(options: SequenceOptions, room: Room, rng: np.random.Generator) -> Points:
    """How far the jumps so far have carried the camera; one that would leave the room goes the other way."""
    reach = np.array(room.jump)
    carried = np.zeros((options.frames, 2))
    count = min(int(rng.integers(*options.jumps, endpoint=True)), options.frames - 1)
    for moment in np.sort(rng.choice(np.arange(1, options.frames), size=count, replace=False)):
        angle = rng.uniform(0, 2 * np.pi)
        leap = np.clip(rng.uniform(*options.jump) * np.array([np.sin(angle), np.cos(angle)]), -reach, reach)
        here = carried[moment]
        carried[moment:] += np.where(np.abs(here + leap) > reach, -leap, leap)
    return carried
