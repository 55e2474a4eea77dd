"""Anti-UAV410: `annos/train/<sequence>.txt`, `x,y,w,h` a frame (`0,0,0,0`: no target); frames in folders or videos.

A sequence is looked for as `train/<sequence>`, in the root, and in `images/`, `frames/`, `videos/` and `data/`.
"""

from pathlib import Path

from glimt.core.errors import DataError
from glimt.core.types import Record
from glimt.core.video import VIDEO_SUFFIXES
from glimt.data.layouts.layout import Layout, Split, Splits
from glimt.data.layouts.moments import folders_in, frames_in
from glimt.data.layouts.paths import by_id, has_folders
from glimt.data.layouts.tracks import BOX, labelled_in_order

BASES = (".", "images", "frames", "videos", "data")


def matches(root: Path) -> bool:
    """`annos/` with texts."""
    return has_folders(root, "annos") and bool(labels_of(root))


def labels_of(root: Path) -> dict[str, Path]:
    """The label file of each sequence, `train/<sequence>`."""
    return by_id(root / "annos", suffixes=(".txt",))


def frames(root: Path) -> list[Record]:
    """The frames of every sequence that has labels. Raises DataError where they are not there."""
    labels = labels_of(root)
    return [
        record
        for name in labels
        for record in labelled_in_order(frames_in(source(root, name, labels[name]), name), labels[name], BOX)
    ]


def source(root: Path, name: str, labels: Path) -> Path:
    """Where the frames of a sequence are: a folder or a video, with or without the split's folder."""
    for base in BASES:
        for part in dict.fromkeys((name, labels.stem)):
            place = root / base / part
            videos = (place.with_name(place.name + suffix) for suffix in VIDEO_SUFFIXES)
            if found := [one for one in (place, *videos) if one.exists()]:
                return found[0]
    raise DataError(f"{labels}: no folder and no video of the sequence {name} in {root}; add it, or remove the labels")


def splits(root: Path) -> Splits:
    """The folders of `annos/`."""
    ids = [record.id for record in frames(root)]
    named = {part: tuple(id for id in ids if id.startswith(f"{part}/")) for part in folders_in(root / "annos")}
    return {part: Split(names, root / "annos" / part) for part, names in named.items() if names}


LAYOUT = Layout(matches, frames, splits)
