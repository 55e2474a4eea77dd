"""Sequences in folders: `<sequence>/images/0000.png`, `<sequence>/points.csv` (`frame,x,y`), `<sequence>/masks/`.

`frame` is the number in a frame's name; x and y count from zero and may lie between pixels. Lists may name sequences.
"""

from pathlib import Path

from glimt.core.types import Record
from glimt.data.layouts.layout import Layout, Splits
from glimt.data.layouts.lists import lists_at_root, lists_in
from glimt.data.layouts.moments import by_sequence, expanded, folders_in, frames_in
from glimt.data.layouts.paths import has_folders
from glimt.data.layouts.tracks import columns_of, labelled_by_number

POINTS = "points.csv"


def matches(root: Path) -> bool:
    """A folder that holds `images/` and a `points.csv` of frames."""
    return root.is_dir() and any(is_clip(root / name) for name in folders_in(root))


def is_clip(folder: Path) -> bool:
    """Whether a folder is one sequence."""
    return has_folders(folder, "images") and bool(columns_of(folder / POINTS))


def frames(root: Path) -> list[Record]:
    """The frames of every sequence; one without a line in its CSV and without a mask is not labelled."""
    return [record for name in folders_in(root) for record in clip(root / name)]


def clip(folder: Path) -> list[Record]:
    """The frames of one sequence; none where the folder holds no `images/`."""
    records = frames_in(folder / "images", folder.name, folder / "masks") if has_folders(folder, "images") else []
    return labelled_by_number(records, folder / POINTS) if (folder / POINTS).is_file() else records


def splits(root: Path) -> Splits:
    """The lists of `img_idx/` and of the root; without any, each sequence."""
    records = frames(root)
    return expanded({**lists_at_root(root), **lists_in(root / "img_idx")}, records) or by_sequence(records, root)


LAYOUT = Layout(matches, frames, splits)
