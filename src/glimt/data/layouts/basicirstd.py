"""BasicIRSTD, SCTransNet, LESPS, EDGSP, SIRST3: `images/`, `masks/`, `img_idx/train_NAME.txt`.

LESPS and EDGSP add points as one-pixel masks: `masks_centroid/` (or `Centroid/`) and `masks_coarse/`.
"""

from pathlib import Path

from glimt.data.layouts.dnanet import ratio_folders
from glimt.data.layouts.layout import Layout, Splits
from glimt.data.layouts.lists import lists_at_root, lists_in
from glimt.data.layouts.pairs import has_frames, has_pairs, has_pixels_suffix, images_and_masks, point_folders
from glimt.data.layouts.paths import has_folders


def matches(root: Path) -> bool:
    """Lists in `img_idx/`, or pairs without any list."""
    if has_folders(root, "images", "video_idx"):
        return False
    if has_folders(root, "images", "img_idx"):
        return has_frames(root / "images") and not has_pixels_suffix(root)
    listed = ratio_folders(root) or has_folders(root, "idx_427") or lists_at_root(root)
    return has_pairs(root) and not listed


def splits(root: Path) -> Splits:
    """The lists of `img_idx/`."""
    return lists_in(root / "img_idx")


LAYOUT = Layout(matches, images_and_masks, splits, point_folders)
