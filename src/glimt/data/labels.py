"""The labels a network is trained on: one folder, one soft mask for each frame id, as 16-bit PNG.

A folder, not a dict: any worker on any machine can read it, a run can resume from it, and every stage of a label that
evolves can be opened and looked at. A frame without a file has no label for now.
"""

from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from glimt.core.errors import DataError
from glimt.core.files import write_png
from glimt.core.frames import read_frame
from glimt.core.types import SoftMask
from glimt.data.layouts.paths import files_below

LEVELS = 65535  # a label is kept to 1 / 65535


@dataclass(frozen=True)
class LabelFolder(MutableMapping[str, SoftMask]):
    """Soft masks by frame id, which may hold slashes. Each write replaces a whole file, so readers never see a part."""

    root: Path

    def __getitem__(self, id: str) -> SoftMask:
        if id not in self:
            raise KeyError(id)
        return read_frame(self.path(id))

    def __setitem__(self, id: str, label: SoftMask) -> None:
        if not (label.size and np.isfinite(label).all() and label.min() >= 0 and label.max() <= 1):
            raise DataError(f"label of {id!r}: its values must lie in [0, 1], and there must be some")
        write_png(self.path(id), np.rint(label * LEVELS).astype(np.uint16))

    def __delitem__(self, id: str) -> None:
        try:
            self.path(id).unlink()
        except FileNotFoundError:
            raise KeyError(id) from None

    def __contains__(self, id: object) -> bool:
        return isinstance(id, str) and self.path(id).is_file()

    def __iter__(self) -> Iterator[str]:
        found = (path for path in files_below(self.root, (".png",)) if path.suffix == ".png")  # never .PNG
        return iter(sorted(path.relative_to(self.root).as_posix().removesuffix(".png") for path in found))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def path(self, id: str) -> Path:
        """Where the label of `id` is. Raises DataError for an id that leads out of the folder."""
        path = self.root / f"{id}.png"
        if not id or ".." in Path(id).parts or Path(id).is_absolute():
            raise DataError(f"{id!r} is no frame id: it leads out of {self.root}")
        return path
