"""MDvsFA: `training/000001_1.png` (frame) and `_2.png` (mask) side by side, `test_org/00001.png` with `test_gt/`."""

from pathlib import Path

from glimt.core.types import Record
from glimt.data.layouts.layout import Layout, Split, Splits
from glimt.data.layouts.pairs import paired
from glimt.data.layouts.paths import frames_by_id, has_folders, names_in

IMAGE, MASK = "_1", "_2"


def matches(root: Path) -> bool:
    """A training folder whose stems end in _1 and _2, or the two test folders."""
    stems = [Path(name).stem for name in names_in(root / "training")]
    training = all(any(stem.endswith(end) for stem in stems) for end in (IMAGE, MASK))
    return training or has_folders(root, "test_org", "test_gt")


def frames(root: Path) -> list[Record]:
    """Training frames first; ids begin with the split's name."""
    files = frames_by_id(root / "training")
    stems = [stem.removesuffix(IMAGE) for stem in files if stem.endswith(IMAGE)]
    training = [Record(f"training/{stem}", files[stem + IMAGE], files.get(stem + MASK)) for stem in stems]
    return training + paired(root / "test_org", root / "test_gt", prefix="test/")


def splits(root: Path) -> Splits:
    """`training` and `test`, as far as they are there."""
    ids = [record.id for record in frames(root)]
    parts = {"training": root / "training", "test": root / "test_org"}
    named = {name: tuple(id for id in ids if id.startswith(f"{name}/")) for name in parts}
    return {name: Split(ids, parts[name]) for name, ids in named.items() if ids}


LAYOUT = Layout(matches, frames, splits)
