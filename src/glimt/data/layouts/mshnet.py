"""MSHNet: `images/`, `masks/`, and the lists in the root, `trainval.txt` and `test.txt`."""

from pathlib import Path

from glimt.data.layouts.layout import Layout
from glimt.data.layouts.lists import lists_at_root
from glimt.data.layouts.pairs import has_pairs, images_and_masks, point_folders


def matches(root: Path) -> bool:
    """Pairs, and a list in the root."""
    return has_pairs(root) and bool(lists_at_root(root))


LAYOUT = Layout(matches, images_and_masks, lists_at_root, point_folders)
