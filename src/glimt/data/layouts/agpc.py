"""AGPCNet (SIRST-AUG), SPFormer: `trainval/{images,masks}/`, `test/{images,masks}/`, no lists."""

from pathlib import Path

from glimt.core.types import Record
from glimt.data.layouts.layout import Layout, Split, Splits
from glimt.data.layouts.pairs import has_frames, paired
from glimt.data.layouts.paths import frames_by_id, has_folders

FOLDERS = ("trainval", "train", "val", "test")


def matches(root: Path) -> bool:
    """A folder named like a split that holds images and masks."""
    return any(has_frames(root / name / "images") for name in split_folders(root))


def split_folders(root: Path) -> list[str]:
    """The folders that are splits."""
    return [name for name in FOLDERS if has_folders(root, name) and has_folders(root / name, "images", "masks")]


def frames(root: Path) -> list[Record]:
    """The pairs of every split; ids begin with its name, for two splits may use the same numbers."""
    return [
        record
        for name in split_folders(root)
        for record in paired(root / name / "images", root / name / "masks", f"{name}/")
    ]


def splits(root: Path) -> Splits:
    """Each folder is a split."""
    return {name: folder_split(root / name / "images", f"{name}/") for name in split_folders(root)}


def folder_split(images: Path, prefix: str) -> Split:
    """The frames below `images` as a split."""
    return Split(tuple(prefix + id for id in frames_by_id(images)), images)


LAYOUT = Layout(matches, frames, splits)
