"""IRSTDID-800: `IRSTDID-SKY/{Images,Masks}/` with capitals, `IRSTDID-GND/` without labels. Either folder, or both."""

from pathlib import Path

from glimt.core.types import Record
from glimt.data.layouts.agpc import folder_split
from glimt.data.layouts.layout import Layout, Splits
from glimt.data.layouts.pairs import paired
from glimt.data.layouts.paths import frames_by_id, has_folders

SKY, GROUND = "IRSTDID-SKY", "IRSTDID-GND"


def matches(root: Path) -> bool:
    """`Images/` and `Masks/` here or in `IRSTDID-SKY/`."""
    return has_folders(root, "Images", "Masks") or has_folders(root / SKY, "Images", "Masks")


def frames(root: Path) -> list[Record]:
    """The pairs of the sky, then the ground's frames; ids begin with the folder's name where there are both."""
    if has_folders(root, "Images"):
        return paired(root / "Images", root / "Masks")
    ground = [Record(f"{GROUND}/{id}", path) for id, path in frames_by_id(root / GROUND).items()]
    return paired(root / SKY / "Images", root / SKY / "Masks", f"{SKY}/") + ground


def splits(root: Path) -> Splits:
    """The two folders, where `root` holds them."""
    if has_folders(root, "Images"):
        return {}
    folders = {SKY: root / SKY / "Images", GROUND: root / GROUND}
    return {name: folder_split(folder, f"{name}/") for name, folder in folders.items() if folder.is_dir()}


LAYOUT = Layout(matches, frames, splits)
