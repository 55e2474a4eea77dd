"""SatVideoIRSDT: `train/000001/img/000001.png`, `train/000001/mask/000001.png`, `train_list.txt` with whole paths."""

from pathlib import Path

from glimt.core.types import Record
from glimt.data.layouts.layout import Layout, Split, Splits
from glimt.data.layouts.lists import lists_at_root
from glimt.data.layouts.moments import expanded, folders_in, frames_in
from glimt.data.layouts.paths import has_folders

FOLDERS = ("train", "val", "test")


def matches(root: Path) -> bool:
    """A folder of a split whose folders hold `img/`."""
    return any(has_folders(root / part / name, "img") for part in parts(root) for name in folders_in(root / part))


def parts(root: Path) -> list[str]:
    """The folders that are splits."""
    return [name for name in FOLDERS if has_folders(root, name)]


def frames(root: Path) -> list[Record]:
    """The frames of every sequence; ids begin with the split's folder, for two splits use the same numbers."""
    folders = [(part, name) for part in parts(root) for name in folders_in(root / part)]
    return [
        record
        for part, name in folders
        for record in frames_in(root / part / name / "img", f"{part}/{name}", root / part / name / "mask")
    ]


def splits(root: Path) -> Splits:
    """The lists of the root; without any, the folders."""
    records = frames(root)
    plain = {
        name: Split(tuple(map(plain_name, split.names)), split.source) for name, split in lists_at_root(root).items()
    }
    return expanded(plain, records) or by_folder(records, root)


def plain_name(name: str) -> str:
    """The folder `img` left out, slashes forward."""
    return name.replace("\\", "/").replace("/img/", "/")


def by_folder(records: list[Record], root: Path) -> Splits:
    """Each folder as a split."""
    ids = {part: tuple(one.id for one in records if one.id.startswith(f"{part}/")) for part in parts(root)}
    return {part: Split(names, root / part) for part, names in ids.items() if names}


LAYOUT = Layout(matches, frames, splits)
