"""The studies of mapping degeneration: what is varied in each, and what a setting's runs learn from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from degeneration_cases import Case, drawn_case, real_case
from degeneration_targets import Target
from degeneration_training import LEARNERS

from glimt.core.types import Sample


@dataclass(frozen=True)
class Setting:
    """One curve: a network, and drawn targets or (None) the frames as they are."""

    target: Target | None = field(default_factory=Target)
    learner: str = "narrow"
    together: bool = False  # one run learns all frames
    flipped: bool = True  # crops are mirrored and transposed at random, as paper 002 does

    def cases(self, frames: Sequence[Sample], run: int) -> list[Case]:
        """What run number `run` learns from; the same places whatever the target."""
        if self.together:
            return [real_case(frame) for frame in frames]
        frame = frames[run % len(frames)]
        if self.target is None:
            return [real_case(frame)]
        return [drawn_case(self.target, frame, np.random.default_rng(run))]


def named(name: str, values: Sequence, **fixed: Any) -> dict[str, Setting]:
    """A setting for each value of one property of the target."""
    return {str(value): Setting(Target(**{**fixed, name: value})) for value in values}


LARGE = {"peak": 500, "radius": 13}  # the target of paper 002's studies of points

STUDIES: dict[str, dict[str, Setting]] = {
    "single": {"one frame each": Setting(None)},
    "many": {"all frames": Setting(None, together=True)},
    "intensity": {
        **named("peak", (10, 50, 100, 200, 500)),
        "500, not clipped": Setting(Target(peak=500, clipped=False)),
    },
    "size": named("radius", (3, 5, 7, 9, 13)),
    "shape": named("shape", ("round", "2:1", "4:1", "square")),
    "clutter": named("place", ("flat", "calm", "cluttered")),
    "offset": {
        **named("offset", (0, 1, 2, 3, 4, 5), **LARGE),
        **{f"{offset}, not flipped": Setting(Target(500, 13, offset=offset), flipped=False) for offset in (0, 3, 5)},
    },
    "number": named("points", (1, 2, 5, 10, 20, 40), **LARGE),
    "network": {name: Setting(learner=name) for name in LEARNERS},
}
