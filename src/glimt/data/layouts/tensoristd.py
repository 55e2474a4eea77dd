"""TensorISTD: `data/<sequence>/0001.bmp`, and `anno/<sequence>.txt` with x and y of the target, one line a frame.

Places are taken as they are written. Some sequences count pixels from one, and nothing in the files says which.
"""

from pathlib import Path

from glimt.core.errors import DataError
from glimt.core.types import Record
from glimt.data.layouts.layout import Layout, Splits
from glimt.data.layouts.lists import lists_at_root
from glimt.data.layouts.moments import by_sequence, expanded, folders_in, frames_in
from glimt.data.layouts.paths import by_id, has_folders
from glimt.data.layouts.tracks import POINT, labelled_in_order


def matches(root: Path) -> bool:
    """`data/` with a folder a sequence, and `anno/` with texts."""
    return has_folders(root, "data", "anno") and bool(folders_in(root / "data")) and bool(labels_of(root))


def labels_of(root: Path) -> dict[str, Path]:
    """The label file of each sequence."""
    return by_id(root / "anno", suffixes=(".txt",))


def frames(root: Path) -> list[Record]:
    """The frames of every sequence; one without a label file is not labelled."""
    labels, names = labels_of(root), folders_in(root / "data")
    if missing := [path for name, path in labels.items() if name not in names]:
        raise DataError(
            f"{missing[0]} labels a sequence that is not in {root / 'data'}; remove the one or add the other"
        )
    found = {name: frames_in(root / "data" / name, name) for name in names}
    done = (labelled_in_order(found[name], labels[name], POINT) if name in labels else found[name] for name in names)
    return [record for records in done for record in records]


def splits(root: Path) -> Splits:
    """The lists of the root; without any, each sequence."""
    records = frames(root)
    return expanded(lists_at_root(root), records) or by_sequence(records, root)


LAYOUT = Layout(matches, frames, splits)
