"""DNA-Net: `images/`, `masks/`, and lists in a folder named after the ratio, `50_50/train.txt`."""

import re
from pathlib import Path

from glimt.data.layouts.layout import Layout, Splits
from glimt.data.layouts.lists import lists_in
from glimt.data.layouts.pairs import has_pairs, images_and_masks, point_folders
from glimt.data.layouts.paths import names_in

RATIO = re.compile(r"\d+_\d+")


def ratio_folders(root: Path) -> list[str]:
    """Folders such as `50_50` and `80_20`."""
    return [name for name in names_in(root) if RATIO.fullmatch(name) and (root / name).is_dir()]


def matches(root: Path) -> bool:
    """Pairs, and a folder named after a ratio."""
    return has_pairs(root) and bool(ratio_folders(root))


def splits(root: Path) -> Splits:
    """The lists of each ratio, as `50_50/train`."""
    return {name: split for ratio in ratio_folders(root) for name, split in lists_in(root / ratio, f"{ratio}/").items()}


LAYOUT = Layout(matches, images_and_masks, splits, point_folders)
