"""A plain folder of frames without labels, or one frame. The frames of one folder, in natural order, are a sequence.

Where the folder holds no ordinary frame, headerless `.raw` and `.bin` files are its frames.
"""

from pathlib import Path

from glimt.core.frames import FRAME_SUFFIXES
from glimt.core.types import Record
from glimt.data.layouts.layout import Layout
from glimt.data.layouts.pairs import has_frames
from glimt.data.layouts.paths import by_id, files_below, frames_by_id, has_folders, holds, natural

RAW_SUFFIXES = (".raw", ".bin")


def matches(root: Path) -> bool:
    """Any frame at all."""
    if root.is_file():
        return root.suffix.lower() in FRAME_SUFFIXES + RAW_SUFFIXES
    return any(True for _ in files_below(root, FRAME_SUFFIXES + RAW_SUFFIXES))


def frames(root: Path) -> list[Record]:
    """The frames below `root`, or below its `images/` when none lies in `root` itself."""
    if root.is_file():
        return [Record(root.stem, root)]
    base = root / "images" if has_folders(root, "images") and not holds(root) else root
    if has_frames(base):
        return [Record(id, path, sequence=str(Path(id).parent)) for id, path in frames_by_id(base).items()]
    found = by_id(base, suffixes=RAW_SUFFIXES)
    return [Record(id, found[id]) for id in sorted(found, key=natural)]


LAYOUT = Layout(matches, frames)
