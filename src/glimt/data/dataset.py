"""Open a dataset: find its layout, its splits, its records."""

from dataclasses import dataclass
from pathlib import Path

from glimt.core.catalog import find, hint
from glimt.core.errors import DataError
from glimt.core.types import Record
from glimt.data.layouts import LAYOUTS
from glimt.data.layouts.layout import Layout


@dataclass(frozen=True)
class Dataset:
    """A folder read under a layout."""

    root: Path
    layout: str

    def splits(self) -> tuple[str, ...]:
        """The names of its splits."""
        return self._layout().splits(self.root)

    def records(self, split: str | None = None) -> list[Record]:
        """The frames of a split, named whole or by the start of its name; every frame when None.

        Raises DataError for an unknown split and where there is no frame.
        """
        records = self._layout().records(self.root, None if split is None else self.whole_name(split))
        if not records:
            raise DataError(f"{self.root}: no frame in {split or 'it'}")
        return records

    def whole_name(self, split: str) -> str:
        """`train` for `train_SIRST`, when only one split starts so."""
        names = self.splits()
        close = [name for name in names if name == split] or [name for name in names if name.startswith(f"{split}_")]
        if len(close) != 1:
            known = ", ".join(names) or "none"
            raise DataError(f"{self.root}: no split {split!r}{hint(split, names)}; splits: {known}")
        return close[0]

    def _layout(self) -> Layout:
        return find(LAYOUTS, self.layout, "layout")


def open_dataset(root: Path, layout: str | None = None) -> Dataset:
    """Open a folder under the named layout, or the one it looks like. Raises DataError where none or several fit."""
    if layout is not None:
        find(LAYOUTS, layout, "layout")
        return Dataset(root, layout)
    fitting = [name for name in LAYOUTS if find(LAYOUTS, name).matches(root)]
    if len(fitting) != 1:
        what = f"looks like {' and '.join(fitting)}" if fitting else "holds no frames in a known layout"
        raise DataError(f"{root} {what}; say which with --layout, one of {', '.join(LAYOUTS)}")
    return Dataset(root, fitting[0])
