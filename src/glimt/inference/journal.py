"""A folder that is filled frame by frame, so that a run that was stopped goes on where it was.

A frame is done once its line stands in the journal; its files were written before. The journal is gone once the folder
is finished, so a folder with a journal is one whose run was stopped.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from glimt.core.errors import OutputError
from glimt.core.files import claim_output, write_text

Rows = dict[str, list[list[Any]]]  # the values of each row of a frame, by the frame's id


@dataclass(frozen=True)
class Journal:
    """`note` names the file that says what fills the folder, `outputs` the patterns of the files that fill it."""

    root: Path
    note: str
    outputs: tuple[str, ...]

    @property
    def file(self) -> Path:
        return self.root / ".journal.jsonl"

    def open(self, settings: Mapping[str, Any], overwrite: bool) -> Rows:
        """Make the folder ready; the rows of frames already done when a stopped run with equal settings goes on."""
        note = self.root / self.note
        text = json.dumps(settings, indent=2, sort_keys=True) + "\n"
        if not overwrite and self.file.exists() and note.exists() and note.read_text(encoding="utf-8") == text:
            return self.done()
        self._refuse_strange()
        claim_output(self.root, overwrite)
        self._clear()
        write_text(note, text)
        write_text(self.file, "")
        return {}

    def done(self) -> Rows:
        """The rows of each finished frame; a line cut short by a crash is as good as none."""
        rows: Rows = {}
        for line in self.file.read_text(encoding="utf-8").splitlines():
            try:
                id, values = json.loads(line)
            except json.JSONDecodeError:
                continue
            rows[id] = values
        return rows

    def add(self, id: str, rows: list[Any]) -> None:
        """Note a frame as done."""
        try:
            with self.file.open("a", encoding="utf-8") as journal:
                journal.write(json.dumps([id, rows]) + "\n")
        except OSError as error:
            raise OutputError(f"cannot write {self.file}: {error.strerror or error}") from error

    def close(self, table: str, text: str) -> None:
        """Write the table of all rows in the journal's place."""
        write_text(self.root / table, text)
        self.file.unlink(missing_ok=True)

    def _refuse_strange(self) -> None:
        """Raise OutputError where a filled folder was never an output: its masks may be the only ones there are."""
        if self.root.is_dir() and any(self.root.iterdir()) and not (self.root / self.note).exists():
            raise OutputError(f"{self.root} holds files but no {self.note}, so it is kept as it is; give another place")

    def _clear(self) -> None:
        for pattern in (*self.outputs, self.file.name):
            for old in self.root.glob(pattern):
                old.unlink()
