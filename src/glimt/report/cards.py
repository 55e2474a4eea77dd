"""A card a target: what is around it in the frame, its label after some updates, its curves, its alarms."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from glimt.report.histories import History
from glimt.report.page import Cell
from glimt.report.spark import Spark, spark
from glimt.report.surroundings import Around, Place, Tile, Tiles, tiles_of
from glimt.report.values import show
from glimt.training.evolution import Target


@dataclass(frozen=True)
class Card:
    """One target on the page."""

    history: History
    cells: Sequence[tuple[Cell, str]]  # each picture, with the alarm of its update
    spark: Spark

    @property
    def name(self) -> str:
        """The frame and the point."""
        image, row, col = self.history.last.place
        return f"{image}, row {row}, col {col}"

    @property
    def facts(self) -> str:
        """How large and how good its label was at first and is now."""
        first, last = self.history.first, self.history.last
        said = [f"{first.area} → {last.area} px"]
        for name, heading in (("iou", "IoU"), ("pa", "PA")):
            then, now = getattr(first, name), getattr(last, name)
            said += [] if now is None else [f"{heading} {show('iou', then)} → {show('iou', now)}"]
        return ", ".join(said)


def cards(
    histories: Iterable[History], sheets: Mapping[int, Tiles], surroundings: Mapping[Place, Around]
) -> list[Card]:
    """The cards in the order of the histories; `sheets` are the updates whose labels are to be seen."""
    made = []
    for one in histories:
        before = frame_cells(one.last.place, surroundings.get(one.last.place))
        made.append(Card(one, [*before, *label_cells(one, sheets)], spark(one)))
    return made


def sheets_of(folder: Path, tables: Mapping[int, Sequence[Target]], epochs: Iterable[int]) -> dict[int, Tiles]:
    """The pictures of some updates; one without a whole sheet is left out."""
    found = {epoch: tiles_of(folder / f"{epoch:04d}.png", len(tables[epoch])) for epoch in epochs}
    return {epoch: tiles for epoch, tiles in found.items() if tiles is not None}


def frame_cells(place: Place, around: Around | None) -> list[tuple[Cell, str]]:
    """The frame around a target, and its true mask where one is known."""
    if around is None:
        return []
    where = f"around {place[0]}, row {place[1]}, col {place[2]}"
    true = [] if around.true is None else [picture_of("true", around.true, f"True mask {where}")]
    return [(cell, "") for cell in (picture_of("frame", around.frame, f"Frame {where}"), *true)]


def label_cells(history: History, sheets: Mapping[int, Tiles]) -> list[tuple[Cell, str]]:
    """Its label after each update that has a sheet."""
    cells = []
    for epoch, tiles in sheets.items():
        if epoch in history.steps:
            at, target = history.steps[epoch]
            alt = f"Label after epoch {epoch}, {target.area} px{', ' * bool(target.alarm)}{target.alarm}"
            cells.append((picture_of(f"epoch {epoch}", tiles[at], alt, f"{target.area} px"), target.alarm))
    return cells


def picture_of(label: str, tile: Tile, alt: str, note: str = "") -> Cell:
    """A grey tile as a picture of the page, pixel for pixel."""
    return Cell(label, np.repeat(tile[..., None], 3, axis=2), alt, note)
