"""One synthetic sequence: a stage, targets that move over it, and the exact truth about every frame.

Everything depends on the seed and the sequence's number alone, and any frame can be drawn without the others.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int

from glimt.core.clutter import clutter, scr
from glimt.core.types import Image, Instances
from glimt.data.synthetic.defects import Defects, draw_defects
from glimt.data.synthetic.exposure import Exposure
from glimt.data.synthetic.light import instances_of, lit_pixels, shine
from glimt.data.synthetic.motion import Mover, apart, draw_mover
from glimt.data.synthetic.scene import Scene
from glimt.data.synthetic.sequence_options import SequenceOptions
from glimt.data.synthetic.stage import Stage, draw_stage
from glimt.data.synthetic.targets import Profile, brightness, offset

Numbers = Int[np.ndarray, " n"]
MOMENTS = 6  # frames that are looked at to place a target
TRIES = 24  # ways looked at for one target
BLINKS = 2  # the purpose of a frame's generator, beside its noise


@dataclass(frozen=True)
class SequenceFrame:
    """One frame and the truth about it; row i of its points is target `movers[i]` of the sequence."""

    scene: Scene
    movers: Numbers


@dataclass(frozen=True)
class SyntheticSequence:
    """What a sequence consists of; `draw` makes a frame of it."""

    stage: Stage
    defects: Defects
    movers: tuple[Mover, ...]
    usual: np.ndarray  # each target's usual peak, negative for a dark one
    exposure: Exposure  # one for all frames; what is brighter or darker still is cut off

    def __len__(self) -> int:
        return len(self.stage.camera)

    def __iter__(self) -> Iterator[SequenceFrame]:
        return (self.draw(t) for t in range(len(self)))

    def draw(self, t: int) -> SequenceFrame:
        """Frame `t`. Targets whose centre has left the frame are not in it."""
        size = self.stage.size
        there = np.array([i for i, mover in enumerate(self.movers) if mover.present(size)[t]], dtype=int)
        movers = [self.movers[i] for i in there]
        profiles = [mover.profile(t, size) for mover in movers]
        instances = instances_of(size, profiles)
        image = self.exposure(self._lit(t, there, profiles, instances))
        reached = np.copysign(scr(clutter(image, instances, len(movers))), self.usual[there])
        points = np.array([mover.seen[t] for mover in movers], dtype=float).reshape(-1, 2)
        return SequenceFrame(Scene(image, instances > 0, instances, points, reached, self.stage.kind), there)

    def _lit(self, t: int, there: Numbers, profiles: list[Profile], instances: Instances) -> Image:
        """What the sensor takes in, targets and defects together."""
        spared = lit_pixels(self.stage.size, profiles)
        base = self.defects.blink(self.stage.seen(t), spared, self.stage.rng(t, BLINKS))
        wanted = np.array([self.movers[i].scr[t] for i in there])
        light, _ = shine(self.defects.stick(base), profiles, instances, wanted, self.usual[there])
        return self.defects.stick(base + light)


def draw_sequence(options: SequenceOptions, seed: int, number: int) -> SyntheticSequence:
    """Sequence `number` of a seed.

    Where there is no room left for another target of the range, it holds fewer.
    """
    rng = np.random.default_rng([seed, number])
    stage = draw_stage(options, (seed, number), rng)
    moments = np.unique(np.linspace(0, options.frames - 1, MOMENTS).round().astype(int)).tolist()
    seen = {t: stage.seen(t) for t in moments}
    movers: list[Mover] = []
    for _ in range(rng.integers(*options.targets, endpoint=True)):
        mover = _find_way(options, stage, seen, movers, rng)
        movers += [mover] if mover else []
    usual = np.array([_usual_peak(mover, seen, options) for mover in movers])
    defects = draw_defects(seen[0], options, rng)
    return SyntheticSequence(stage, defects, tuple(movers), usual, _exposure(seen, usual))


def _exposure(seen: dict[int, Image], usual: np.ndarray) -> Exposure:
    """One in which no usual target is brighter or darker than the camera can tell."""
    darkest, brightest = (edge([edge(frame) for frame in seen.values()]) for edge in (np.min, np.max))
    low, high = min(0.0, darkest + usual.min(initial=0)), max(1.0, brightest + usual.max(initial=0))
    return Exposure(float(low), float(high), 0, 1)


def _find_way(
    options: SequenceOptions, stage: Stage, seen: dict[int, Image], taken: list[Mover], rng: np.random.Generator
) -> Mover | None:
    """A way away from the others along which nothing stands out by half the SCR; else the calmest one looked at."""
    calmest, best = np.inf, None
    for _ in range(TRIES):
        mover = draw_mover(options, stage.camera, list(seen), rng)
        if not apart(mover, taken, options.apart):
            continue
        there = _moments_of(mover, seen, options)
        stands_out = max(offset(seen[t], mover.profile(t, options.size)) / abs(mover.scr[t]) for t in there)
        if stands_out < calmest:
            calmest, best = stands_out, mover
        if stands_out <= 0.5:
            break
    return best


def _usual_peak(mover: Mover, seen: dict[int, Image], options: SequenceOptions) -> float:
    """The median of the peaks that give the target its SCR."""
    none = np.zeros(options.size, dtype=np.int32)
    there = _moments_of(mover, seen, options)
    peaks = [brightness(seen[t], mover.profile(t, options.size), none, mover.scr[t])[0] for t in there]
    return float(np.copysign(np.median(np.abs(peaks)), mover.scr[0]))


def _moments_of(mover: Mover, seen: dict[int, Image], options: SequenceOptions) -> list[int]:
    present = mover.present(options.size)
    return [t for t in seen if present[t]]
