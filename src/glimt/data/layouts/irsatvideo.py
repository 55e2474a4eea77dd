"""IRSatVideo-LEO: `images/<sequence>/0000.png`, `masks/<sequence>/0000.png`, `video_idx/*.txt` that list sequences."""

from pathlib import Path

from glimt.data.layouts.layout import Layout, Splits
from glimt.data.layouts.lists import lists_in
from glimt.data.layouts.moments import expanded
from glimt.data.layouts.pairs import has_frames, images_and_masks
from glimt.data.layouts.paths import has_folders

LISTS = "video_idx"


def matches(root: Path) -> bool:
    """Frames, and the folder of lists of sequences."""
    return has_folders(root, "images", LISTS) and has_frames(root / "images")


def splits(root: Path) -> Splits:
    """The lists of `video_idx/`, and those of `img_idx/` that have another name."""
    return expanded({**lists_in(root / "img_idx"), **lists_in(root / LISTS)}, images_and_masks(root))


LAYOUT = Layout(matches, images_and_masks, splits)
