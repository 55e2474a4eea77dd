"""IRSTD-1K as published, RepISD: `IRSTD1k_Img/`, `IRSTD1k_Label/`, lists in `80_20/`."""

from pathlib import Path

from glimt.core.types import Record
from glimt.data.layouts import dnanet
from glimt.data.layouts.layout import Layout, Splits
from glimt.data.layouts.lists import lists_at_root, lists_in
from glimt.data.layouts.pairs import paired
from glimt.data.layouts.paths import has_folders

IMAGES, MASKS = "IRSTD1k_Img", "IRSTD1k_Label"


def matches(root: Path) -> bool:
    """The two folders by their own names."""
    return has_folders(root, IMAGES, MASKS)


def frames(root: Path) -> list[Record]:
    """The pairs of both folders."""
    return paired(root / IMAGES, root / MASKS)


def splits(root: Path) -> Splits:
    """Lists in folders named after a ratio, in `img_idx/` and in the root, where copies keep them."""
    return {**dnanet.splits(root), **lists_in(root / "img_idx"), **lists_at_root(root)}


LAYOUT = Layout(matches, frames, splits)
