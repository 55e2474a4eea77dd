"""Label a set of frames from their points: masks and `labels.csv`, in a folder that a stopped run goes on in."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from glimt.core.errors import DataError
from glimt.core.files import write_png
from glimt.core.types import Image, Points
from glimt.inference.journal import Journal
from glimt.labelers.labeler import Drawing, Labeler, draw
from glimt.labelers.table import LabelRow, rows_of, to_csv

Read = Callable[[str], tuple[Image, Points]]


@dataclass(frozen=True)
class LabelledFolder:
    """A folder of drawn masks: `masks/<id>.png` (0 and 255), `labels.csv`, and `label.json` with what drew them."""

    root: Path

    @property
    def journal(self) -> Journal:
        return Journal(self.root, "label.json", ("masks/**/*.png", "labels.csv"))

    def mask(self, id: str) -> Path:
        return self.root / "masks" / f"{id}.png"

    def open(self, settings: Mapping[str, Any], overwrite: bool) -> dict[str, list[LabelRow]]:
        """Make the folder ready; the rows of frames already done when a stopped run with equal settings goes on."""
        done = self.journal.open(settings, overwrite)
        return {id: [LabelRow(*row) for row in rows] for id, rows in done.items()}

    def add(self, id: str, drawing: Drawing, rows: list[LabelRow]) -> None:
        """Write the mask, then note the frame as done."""
        write_png(self.mask(id), np.where(drawing.instances > 0, np.uint8(255), np.uint8(0)))
        self.journal.add(id, rows)

    def close(self, rows: Iterable[LabelRow]) -> None:
        """Turn the journal into `labels.csv`."""
        self.journal.close("labels.csv", to_csv(rows))


def label_frames(
    ids: Iterable[str], read: Read, labeler: Labeler, folder: LabelledFolder, done: Mapping[str, Any]
) -> Iterator[list[LabelRow]]:
    """Label each frame that is not done yet, in order; gives the rows of every frame."""
    for id in ids:
        if id in done:
            yield done[id]
            continue
        rows, drawing = label_frame(id, read, labeler)
        folder.add(id, drawing, rows)
        yield rows


def label_frame(id: str, read: Read, labeler: Labeler) -> tuple[list[LabelRow], Drawing]:
    """Draw and measure the masks of one frame. Raises DataError naming the frame when its points do not fit it."""
    image, points = read(id)
    try:
        drawing = draw(labeler, image, points)
    except DataError as error:
        raise DataError(f"{id}: {error}") from error
    return rows_of(id, image, points, drawing), drawing
