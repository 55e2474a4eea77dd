"""Label a set of frames from their points: masks, `labels.csv`, and a journal that lets a stopped run go on.

A frame is done once its line stands in the journal; its mask was written before. At the end the journal becomes
`labels.csv`, so a folder with a journal is one whose run was stopped.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from glimt.core.errors import DataError, OutputError
from glimt.core.files import claim_output, write_png, write_text
from glimt.core.types import Image, Points
from glimt.labelers.labeler import Drawing, Labeler, draw
from glimt.labelers.table import LabelRow, rows_of, to_csv

Read = Callable[[str], tuple[Image, Points]]


@dataclass(frozen=True)
class LabelledFolder:
    """A folder of drawn masks: `masks/<id>.png` (0 and 255), `labels.csv`, and `label.json` with what drew them."""

    root: Path

    @property
    def journal(self) -> Path:
        return self.root / ".journal.jsonl"

    def mask(self, id: str) -> Path:
        return self.root / "masks" / f"{id}.png"

    def open(self, settings: Mapping[str, Any], overwrite: bool) -> dict[str, list[LabelRow]]:
        """Make the folder ready; the rows of frames already done when a stopped run with equal settings goes on."""
        note = self.root / "label.json"
        text = json.dumps(settings, indent=2, sort_keys=True) + "\n"
        if not overwrite and self.journal.exists() and note.exists() and note.read_text(encoding="utf-8") == text:
            return self.done()
        claim_output(self.root, overwrite)
        self._clear()
        write_text(note, text)
        write_text(self.journal, "")
        return {}

    def done(self) -> dict[str, list[LabelRow]]:
        """The rows of each finished frame; a line cut short by a crash is as good as none."""
        rows: dict[str, list[LabelRow]] = {}
        for line in self.journal.read_text(encoding="utf-8").splitlines():
            try:
                id, values = json.loads(line)
            except json.JSONDecodeError:
                continue
            rows[id] = [LabelRow(*row) for row in values]
        return rows

    def add(self, id: str, drawing: Drawing, rows: list[LabelRow]) -> None:
        """Write the mask, then note the frame as done."""
        write_png(self.mask(id), np.where(drawing.instances > 0, np.uint8(255), np.uint8(0)))
        try:
            with self.journal.open("a", encoding="utf-8") as journal:
                journal.write(json.dumps([id, rows]) + "\n")
        except OSError as error:
            raise OutputError(f"cannot write {self.journal}: {error.strerror or error}") from error

    def close(self, rows: Iterable[LabelRow]) -> None:
        """Turn the journal into `labels.csv`."""
        write_text(self.root / "labels.csv", to_csv(rows))
        self.journal.unlink(missing_ok=True)

    def _clear(self) -> None:
        for pattern in ("masks/**/*.png", "labels.csv", self.journal.name):
            for old in self.root.glob(pattern):
                old.unlink()


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
