"""Videos with a CSV each: `clip.mp4` and `clip.csv`, `frame,x,y,w,h` (loose boxes) or `frame,x,y`, counted from zero.

A frame's id is `clip/000012`. One video stands for a folder.
"""

from pathlib import Path

from glimt.core.types import Record
from glimt.core.video import VIDEO_SUFFIXES
from glimt.data.layouts.layout import Layout, Splits
from glimt.data.layouts.lists import lists_at_root, lists_in
from glimt.data.layouts.moments import by_sequence, expanded, frames_in, videos_in
from glimt.data.layouts.tracks import columns_of, labelled_by_number


def matches(root: Path) -> bool:
    """A video with a CSV of frames beside it."""
    return any(columns_of(video.with_suffix(".csv")) for video in videos_of(root))


def videos_of(root: Path) -> list[Path]:
    """The videos of a folder, or the one that is given."""
    if root.is_file():
        return [root] if root.suffix.lower() in VIDEO_SUFFIXES else []
    return videos_in(root)


def frames(root: Path) -> list[Record]:
    """The frames of every video; one that no line names is not labelled."""
    return [record for video in videos_of(root) for record in clip(video)]


def clip(video: Path) -> list[Record]:
    """The frames of one video."""
    records, labels = frames_in(video, video.stem), video.with_suffix(".csv")
    return labelled_by_number(records, labels) if labels.is_file() else records


def splits(root: Path) -> Splits:
    """The lists of `img_idx/` and of the root; without any, each video."""
    records = frames(root)
    return expanded({**lists_at_root(root), **lists_in(root / "img_idx")}, records) or by_sequence(records, root)


LAYOUT = Layout(matches, frames, splits)
