"""Open a dataset: find its layout, list its splits and its records."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from pathlib import Path

from glimt.core.catalog import find, hint
from glimt.core.errors import DataError
from glimt.core.types import Record
from glimt.data.layouts import LAYOUTS
from glimt.data.layouts.layout import Layout, Split, Splits
from glimt.data.layouts.lists import full_name, id_of
from glimt.data.layouts.moments import by_sequence, folders_in
from glimt.data.layouts.paths import listed, names_in
from glimt.data.sequences import Span, with_frames

FALLBACK = "folder"  # fits wherever there are frames


@dataclass(frozen=True)
class Dataset:
    """A dataset on disk. Nothing is read before it is asked for."""

    root: Path
    layout: str

    def splits(self) -> tuple[str, ...]:
        """The names of its lists of frames."""
        return tuple(self.lists())

    def lists(self) -> Splits:
        """Every list as it is written, by its name."""
        return self._layout.splits(self.root)

    def records(self, split: str | None = None, span: Span = (0, 0)) -> list[Record]:
        """The frames of one split in its order, a repeated name once; without a split, every frame.

        Several splits are joined by commas. Each frame knows those around it that a task of this `span` is shown.

        Raises DataError for an unknown or empty split, for names without a frame, and where there is no frame at all.
        """
        records = self._layout.frames(self.root)
        if not records:
            raise DataError(f"{self.root} holds no frame in the layout {self.layout!r}")
        if split is None:
            return with_frames(records, records, span)
        by_id = {record.id: record for record in records}
        ids: dict[str, None] = {}
        for part in self._parts(split).values():
            if not part.names:
                raise DataError(f"{part.source}: the split {split!r} lists no frame")
            ids |= dict.fromkeys(frames_of(part, by_id))
        return with_frames([by_id[id] for id in ids], records, span)

    def split(self, name: str) -> Split:
        """One list as it is written; `name` may be short when exactly one list begins with it.

        Names joined by commas are one list. Where no list has a name, the sequence that has it is the list.
        """
        parts = list(self._parts(name).values())
        source = parts[0].source if len(parts) == 1 else self.root
        return Split(tuple(one for part in parts for one in part.names), source)

    def whole_name(self, split: str) -> str:
        """`train_SIRST` for `train`, when only one list begins so; several names stay joined by commas."""
        return ",".join(self._parts(split))

    def _parts(self, wanted: str) -> Splits:
        """The splits that `wanted` names, in its order."""
        splits = self._layout.splits(self.root)
        found: dict[str, Split] = {}
        for name in [wanted] if wanted in splits else names_in_order(wanted):
            known = splits
            if not full_name(name, splits):
                sequences = by_sequence(self._layout.frames(self.root), self.root)
                known = sequences if full_name(name, sequences) else splits
            whole = whole_name(name, known, self.root)
            found[whole] = known[whole]
        return found

    def missing(self, split: str) -> list[str]:
        """The names of a split that have no frame, as they are written."""
        known = {record.id for record in self._layout.frames(self.root)}
        return [name for name, id in ids_of(self.split(split), known).items() if id is None]

    def points(self) -> Mapping[str, Path]:
        """Published clicks by kind: files or folders for `read_points`."""
        return self._layout.points(self.root)

    @property
    def _layout(self) -> Layout:
        return find(LAYOUTS, self.layout, "layout")


def open_dataset(root: Path, layout: str | None = None) -> Dataset:
    """A dataset in the named layout, or in the only one that fits. Raises DataError where none or several fit."""
    if not root.exists():
        raise DataError(f"no dataset at {root}: there is no such file or folder")
    if layout is not None:
        chosen: Layout = find(LAYOUTS, layout, "layout")
        if not chosen.matches(root):
            raise DataError(f"{root} is not laid out as {layout!r}: {contents(root)}{advice(root)}")
        return Dataset(root, layout)
    fitting = layouts_of(root)
    if len(fitting) > 1:
        raise DataError(f"{root} can be read as {' or '.join(fitting)}; say which, e.g. --layout {fitting[0]}")
    if not fitting or (fitting == [FALLBACK] and dataset_below(root)):
        raise DataError(f"{root} holds no frame in a known layout: {contents(root)}{advice(root)}")
    return Dataset(root, fitting[0])


def layouts_of(root: Path) -> list[str]:
    """The layouts that fit; the plain folder only where no other does."""
    fitting = [name for name in LAYOUTS if name != FALLBACK and fits(root, name)]
    return fitting or [name for name in (FALLBACK,) if fits(root, name)]


def fits(root: Path, name: str) -> bool:
    """Whether `root` is laid out as `name` says."""
    return find(LAYOUTS, name, "layout").matches(root)


def names_in_order(wanted: str) -> list[str]:
    """The names that commas join. Raises DataError where there is nothing between two."""
    names = [name.strip() for name in wanted.split(",")]
    if not all(names):
        raise DataError(f"split {wanted!r}: a name is missing beside a comma; write it as seq01,seq04")
    return names


def whole_name(name: str, splits: Splits, root: Path) -> str:
    """The split that `name` stands for, whole or short. Raises DataError listing them where none or several fit."""
    fitting = full_name(name, splits)
    if len(fitting) == 1:
        return fitting[0]
    if not splits:
        raise DataError(f"{root} has no splits, so no {name!r}; leave the split out (null in a config)")
    if fitting:
        raise DataError(f"{root}: split {name!r} can be {listed(fitting, ' or ')}; give the whole name")
    raise DataError(f"{root} has no split {name!r}{hint(name, splits)}; it has {listed(splits)}")


def ids_of(split: Split, known: Container[str]) -> dict[str, str | None]:
    """The id that each name of a list means; None where no frame has it."""
    return {name: id_of(name, known) for name in split.names}


def frames_of(split: Split, known: Container[str]) -> tuple[str, ...]:
    """The ids of a split in its order, each once. Raises DataError naming the first that have no frame."""
    ids = ids_of(split, known)
    if missing := [name for name, id in ids.items() if id is None]:
        raise DataError(f"{split.source}: {len(missing)} of {len(ids)} names have no frame: {listed(missing)}")
    return tuple(dict.fromkeys(id for id in ids.values() if id is not None))


def contents(root: Path) -> str:
    """What lies in a folder, for an error."""
    names = [name + "/" * (root / name).is_dir() for name in names_in(root) if not name.startswith(".")]
    return f"it holds {listed(names)}" if names else "it is a file" if root.is_file() else "it is empty"


def advice(root: Path) -> str:
    """Where the dataset is, when it is one folder further down; else the way to the list of layouts."""
    below = dataset_below(root)
    return f"; {below[0]} is laid out as {below[1]}: give that folder" if below else "; see `glimt list layouts`"


def dataset_below(root: Path) -> tuple[Path, str] | None:
    """The first folder right below `root` that is a labelled dataset, and its layout."""
    for name in folders_in(root):
        fitting = [one for one in layouts_of(root / name) if one != FALLBACK]
        if fitting:
            return root / name, fitting[0]
    return None
