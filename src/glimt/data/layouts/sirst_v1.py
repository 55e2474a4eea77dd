"""SIRST v1 as published: `images/Misc_1.png`, `masks/Misc_1_pixels0.png`, lists in `idx_427/`.

Copies that drop the suffix or keep their lists elsewhere are read too.
"""

from pathlib import Path

from glimt.data.layouts.layout import Layout, Splits
from glimt.data.layouts.lists import lists_at_root, lists_in
from glimt.data.layouts.pairs import has_pixels_suffix, images_and_masks
from glimt.data.layouts.paths import has_folders

FOLDERS = ("idx_427", "img_idx", "splits")


def matches(root: Path) -> bool:
    """The masks' suffix, or the folder of lists."""
    return has_folders(root, "images", "masks") and (has_pixels_suffix(root) or has_folders(root, "idx_427"))


def splits(root: Path) -> Splits:
    """The lists of `idx_427/`, `img_idx/`, `splits/` or the root; of two with one name, the first."""
    found = lists_at_root(root)
    for name in reversed(FOLDERS):
        found |= lists_in(root / name)
    return found


LAYOUT = Layout(matches, images_and_masks, splits)
