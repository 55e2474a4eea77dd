"""The page that sets labelers side by side: a table, bars, and strips of the same target as each one drew it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from glimt.core.squares import square
from glimt.core.types import Image, Mask, Points
from glimt.report.overlay import frame_with_box, overlay
from glimt.report.page import Cell, Key, Note, Pictures, Plot, Section, Table, write_page
from glimt.report.plots import bars
from glimt.report.values import show, word

Rows = Mapping[str, Mapping[str, Any]]  # labeler -> value name -> value
WINDOW = 21  # px around the target
SCALE = 10


@dataclass(frozen=True)
class Strip:
    """One target of one frame, and the mask that each labeler drew for it. The target is the one at `points[at]`."""

    name: str
    image: Image
    points: Points
    masks: Mapping[str, Mask]
    true: Mask | None = None
    at: int = 0
    notes: Mapping[str, str] = field(default_factory=dict)  # labeler -> a few words below its picture


def comparison_page(path: Path, title: str, lead: str, rows: Rows, strips: Sequence[Strip], note: str = "") -> None:
    """Write the page. `rows` keep their order, and so do the values of the first row, which make the columns."""
    write_page(path, title, lead, comparison(rows, strips, note))


def comparison(rows: Rows, strips: Sequence[Strip], note: str = "") -> list[Section]:
    """The sections of the page."""
    scores = Section("Scores", [table(rows), *_plots(rows), *([Note(note)] if note else [])])
    pictures = Section("Targets", [Key(), *(pictures_of(strip) for strip in strips)])
    return [scores, pictures] if strips else [scores]


def table(rows: Rows) -> Table:
    """Labelers down, values across, the best of each column in bold."""
    names = list(next(iter(rows.values()), {}))
    cells = [[labeler, *(show(name, values.get(name)) for name in names)] for labeler, values in rows.items()]
    best = {(row, i) for i, name in enumerate(names, start=1) for row in _best(rows, name)}
    return Table(["labeler", *(short(name) for name in names)], cells, best=frozenset(best))


def short(name: str) -> str:
    """A column's heading: the value's own short name."""
    return word(name).heading.partition(",")[0]


def pictures_of(strip: Strip) -> Pictures:
    """Frame, point, each labeler's mask beside the truth, and the truth."""
    centre = (float(strip.points[strip.at, 0]), float(strip.points[strip.at, 1]))
    place = square(strip.image.shape, centre, WINDOW)
    crop, true = strip.image[place], None if strip.true is None else strip.true[place]
    shift = np.array([place[0].start, place[1].start])
    at = f"{strip.name}, row {centre[0]:.0f}, col {centre[1]:.0f}"
    cells = [
        Cell("frame", frame_with_box(strip.image, place), f"Frame {strip.name} with the window marked"),
        Cell("point", overlay(crop, points=strip.points - shift, scale=SCALE), f"Point label at {at}"),
    ]
    for labeler, mask in strip.masks.items():
        picture = overlay(crop, mask[place], true, scale=SCALE)
        cells.append(Cell(labeler, picture, f"Mask of {labeler} at {at}", strip.notes.get(labeler, "")))
    if true is not None:
        cells.append(Cell("truth", overlay(crop, true=true, scale=SCALE), f"True mask at {at}"))
    return Pictures(at, cells)


def _best(rows: Rows, name: str) -> list[int]:
    direction = word(name).better
    values = [(direction * row[name], i) for i, row in enumerate(rows.values()) if _counts(row.get(name))]
    top = max((value for value, _ in values), default=0.0)
    ahead = [i for value, i in values if value == top]
    return ahead if direction and len(ahead) < len(rows) else []


def _counts(value: Any) -> bool:
    return isinstance(value, int | float) and bool(np.isfinite(value))


def _plots(rows: Rows) -> list[Plot]:
    plots = []
    for name in ("iou", "miou"):
        values = {labeler: row[name] for labeler, row in rows.items() if _counts(row.get(name))}
        if values:
            shown = [show(name, value) for value in values.values()]
            svg = bars(list(values), list(values.values()), "labeler", short(name), shown)
            alt = f"{short(name)}: " + ", ".join(f"{key} {text}" for key, text in zip(values, shown, strict=True))
            plots.append(Plot(svg, word(name).heading, alt))
    return plots
