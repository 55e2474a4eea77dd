"""NUDT-MIRSDT: `Sequence85/images/00001.png`, `masks/00001.png`, `Mix/00001.mat`; `train.txt` names the MAT files.

A MAT file holds a few frames, the last of which is its own. It is read where there is no image of the same name.
"""

import re
from pathlib import Path

from glimt.core.types import Record
from glimt.data.layouts.layout import Layout, Split, Splits
from glimt.data.layouts.lists import lists_at_root, lists_in
from glimt.data.layouts.moments import expanded, folders_in
from glimt.data.layouts.paths import by_id, frames_by_id, has_folders, natural

SEQUENCE = re.compile(r"Sequence\d+")
INNER = re.compile(r"(^|[/\\])(?:Mix|images)[/\\]([^/\\]+?)(?:\.\w+)?$")  # the folder within a sequence, the file type


def matches(root: Path) -> bool:
    """Folders `Sequence1` with `Mix/`, or with `images/` and `masks/`."""
    return any(has_folders(root / name, "Mix") or has_folders(root / name, "images", "masks") for name in names(root))


def names(root: Path) -> list[str]:
    """The sequences."""
    return [name for name in folders_in(root) if SEQUENCE.fullmatch(name)]


def frames(root: Path) -> list[Record]:
    """The frames of every sequence with their masks."""
    return [record for name in names(root) for record in sequence(root / name)]


def sequence(folder: Path) -> list[Record]:
    """The frames of one sequence."""
    stacks = by_id(folder / "Mix", suffixes=(".mat",))
    found, masks = stacks | frames_by_id(folder / "images"), by_id(folder / "masks")
    return [
        Record(f"{folder.name}/{id}", found[id], masks.get(id), sequence=folder.name)
        for id in sorted(found, key=natural)
    ]


def splits(root: Path) -> Splits:
    """The lists of the root and of `img_idx/`, which name frames by their files or whole sequences."""
    lists = {**lists_at_root(root), **lists_in(root / "img_idx")}
    plain = {name: Split(tuple(map(plain_name, split.names)), split.source) for name, split in lists.items()}
    return expanded(plain, frames(root))


def plain_name(name: str) -> str:
    """`Sequence85/00001` for `Sequence85/Mix/00001.mat`."""
    return INNER.sub(r"\1\2", name)


LAYOUT = Layout(matches, frames, splits)
