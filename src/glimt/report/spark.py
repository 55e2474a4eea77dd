"""A target's curves, small enough to stand beside hundreds of others."""

from collections.abc import Sequence
from dataclasses import dataclass

from glimt.report.histories import History

WIDTH, HEIGHT, EDGE = 240, 56, 4  # units of the drawing; the edge keeps lines and dots whole

Dot = tuple[float, float]


@dataclass(frozen=True)
class Spark:
    """Area and IoU over epochs, each scaled to the height; a dot on the area where there was an alarm."""

    area: Sequence[Dot]
    iou: Sequence[Dot]
    alarms: Sequence[Dot]
    largest: int  # px; the top of the area's curve
    alt: str

    @staticmethod
    def path(dots: Sequence[Dot]) -> str:
        """The curve as the points of a line."""
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in dots)


def spark(history: History) -> Spark:
    """The curves of one target."""
    epochs = sorted(history.steps)
    rows = [history.steps[epoch].target for epoch in epochs]
    largest = max(row.area for row in rows)
    across = [scaled(epoch - epochs[0], epochs[-1] - epochs[0], WIDTH) for epoch in epochs]
    area = [(x, HEIGHT - scaled(row.area, largest, HEIGHT)) for x, row in zip(across, rows, strict=True)]
    known = [(x, row.iou) for x, row in zip(across, rows, strict=True) if row.iou is not None]
    iou = [(x, HEIGHT - scaled(value, 1, HEIGHT)) for x, value in known]
    alarms = [dot for dot, row in zip(area, rows, strict=True) if row.alarm]
    return Spark(area, iou, alarms, largest, alt_of(history, largest))


def scaled(value: float, most: float, length: int) -> float:
    """Where 0..most lies between the edges of a side; what has no extent lies at its beginning."""
    return EDGE + (length - 2 * EDGE) * (value / most if most else 0)


def alt_of(history: History, largest: int) -> str:
    """The curves in words."""
    said = f"Area from {history.first.area} to {history.last.area} px, {largest} at most"
    if history.last.iou is None:
        return said
    peak = max(step.target.iou or 0 for step in history.steps.values())
    return f"{said}; IoU from {history.first.iou or 0:.2f} to {history.last.iou:.2f}, {peak:.2f} at best"
