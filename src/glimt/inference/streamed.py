"""A folder that a stream fills while it runs: what was found stays, whatever ends the stream.

`targets.csv` grows line by line under another name and gets its own once the stream has ended; a stream that was killed
leaves it as `.targets.csv.part`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import numpy as np

from glimt.core.errors import OutputError
from glimt.core.files import claim_output, write_png
from glimt.inference.detections import HEADER, lines_of
from glimt.inference.follow import Moment
from glimt.inference.latency import Latencies

PART = ".targets.csv.part"


@dataclass
class Streamed:
    """What came of a stream so far."""

    root: Path
    table: IO[str]
    masks: bool
    frames: int = 0
    frames_with_targets: int = 0
    targets: int = 0
    latencies: Latencies = field(default_factory=Latencies)

    def add(self, moment: Moment) -> None:
        """Note one frame."""
        found = moment.found.targets
        try:
            self.table.write(lines_of(found))
            self.table.flush()
        except OSError as error:
            raise OutputError(f"cannot write {self.root / PART}: {error.strerror or error}") from error
        if self.masks:
            white = np.where(moment.found.instances > 0, np.uint8(255), np.uint8(0))
            write_png(self.root / "masks" / f"{moment.id}.png", white)
        self.frames += 1
        self.frames_with_targets += bool(found)
        self.targets += len(found)
        self.latencies.add(moment.seconds)


@contextmanager
def streamed(root: Path, masks: bool, overwrite: bool) -> Iterator[Streamed]:
    """A folder ready to be filled. Raises OutputError where it holds something and is not to be overwritten."""
    claim_output(root, overwrite)
    try:
        root.mkdir(parents=True, exist_ok=True)
        table = (root / PART).open("w", encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError(f"cannot write {root}: {error.strerror or error}") from error
    try:
        with table:
            table.write(HEADER)
            yield Streamed(root, table, masks)
    finally:
        (root / PART).replace(root / "targets.csv")
