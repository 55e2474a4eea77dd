"""Frames and masks in two folders, paired by name: what most infrared datasets are."""

from pathlib import Path

from glimt.core.frames import FRAME_SUFFIXES
from glimt.core.types import Record
from glimt.data.layouts.paths import by_id, files_below, frames_by_id, has_folders, names_in, sequence_of

PIXELS = "_pixels0"  # SIRST adds it to the names of its masks
POINT_FOLDERS = {
    "masks_centroid": "centroid",
    "Centroid": "centroid",
    "masks_coarse": "coarse",
    "masks_points": "points",
}


def paired(images: Path, masks: Path, prefix: str = "") -> list[Record]:
    """One record a frame of `images`, with the mask of the same name; PNG before BMP. `prefix` goes before the ids.

    The frames of a folder further down are a sequence.
    """
    found = by_id(masks, PIXELS)
    return [
        Record(prefix + id, image, found.get(id), sequence=sequence_of(id) and prefix + str(sequence_of(id)))
        for id, image in frames_by_id(images).items()
    ]


def images_and_masks(root: Path) -> list[Record]:
    """The pairs of `images/` and `masks/`."""
    return paired(root / "images", root / "masks")


def point_folders(root: Path) -> dict[str, Path]:
    """Folders of one-pixel masks by the kind of their points."""
    return {kind: root / name for name, kind in POINT_FOLDERS.items() if has_folders(root, name)}


def has_pixels_suffix(root: Path) -> bool:
    """Whether the masks carry SIRST's suffix."""
    return any(Path(name).stem.endswith(PIXELS) for name in names_in(root / "masks"))


def has_pairs(root: Path) -> bool:
    """Whether there are frames in `images/` or below, and a folder `masks/` whose names carry no suffix."""
    return has_folders(root, "images", "masks") and has_frames(root / "images") and not has_pixels_suffix(root)


def has_frames(folder: Path) -> bool:
    """Whether a frame lies in `folder` or below it."""
    return any(True for _ in files_below(folder, FRAME_SUFFIXES))
