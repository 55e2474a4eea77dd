"""What became of each target's label while a run learnt: its rows in all tables of updates, and which is worst."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from glimt.training.evolution import Target

ALARMS = ("lost", "merged", "grown")  # worst first


class Step(NamedTuple):
    """One target after one update."""

    at: int  # its line in the table, and so its place on the sheet
    target: Target


@dataclass(frozen=True)
class History:
    """One target through the updates of a run, by epoch."""

    steps: Mapping[int, Step]

    @property
    def first(self) -> Target:
        """Before the training."""
        return self.steps[min(self.steps)].target

    @property
    def last(self) -> Target:
        """After the last update."""
        return self.steps[max(self.steps)].target

    @property
    def growth(self) -> float:
        """How many times larger the label became; one that was lost at first is taken as one pixel."""
        return self.last.area / max(self.first.area, 1)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The alarms that there ever were, worst first."""
        seen = {step.target.alarm for step in self.steps.values()}
        return tuple(kind for kind in ALARMS if kind in seen)

    def told(self) -> list[str]:
        """Its alarms in words; updates that follow each other are told as one."""
        lines = []
        for kind, run in groupby(sorted(self.steps), key=lambda epoch: self.steps[epoch].target.alarm):
            epochs = list(run)
            until = f"epochs {epochs[0]} to {epochs[-1]}" if len(epochs) > 1 else f"epoch {epochs[0]}"
            lines += [f"{kind} after {until}"] if kind else []
        return lines


def histories(tables: Mapping[int, Sequence[Target]]) -> list[History]:
    """The targets of all tables, worst first."""
    steps: dict[tuple[str, int, int], dict[int, Step]] = defaultdict(dict)
    for epoch, rows in tables.items():
        for at, target in enumerate(rows):
            steps[target.place][epoch] = Step(at, target)
    return sorted((History(one) for one in steps.values()), key=badness)


def badness(one: History) -> tuple[float, float, float, tuple[str, int, int]]:
    """What to sort by: an alarm after the last update, one on the way, then the lowest IoU, then the largest growth."""
    standing = one.last.alarm in ALARMS
    kinds = (one.last.alarm,) if standing else one.kinds
    alarm = ALARMS.index(kinds[0]) + len(ALARMS) * (not standing) if kinds else 2 * len(ALARMS)
    return alarm, 2.0 if one.last.iou is None else one.last.iou, -one.growth, one.last.place


def spread(epochs: Sequence[int], most: int) -> list[int]:
    """At most `most` (2 or more) of the epochs at even distances, the first and the last among them."""
    last, count = len(epochs) - 1, min(most, len(epochs))
    return [epochs[(2 * i * last + count - 1) // (2 * count - 2)] for i in range(count)] if last > 0 else list(epochs)
