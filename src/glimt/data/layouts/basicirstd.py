"""BasicIRSTD, LESPS, SIRST3, SCTransNet, EDGSP: images/, masks/, and img_idx/<split>.txt with one id a line."""

from pathlib import Path

from glimt.core.errors import DataError
from glimt.core.types import Record
from glimt.data.layouts.layout import Layout
from glimt.data.layouts.names import by_id, listed


def matches(root: Path) -> bool:
    """There are images and lists of them."""
    return (root / "images").is_dir() and (root / "img_idx").is_dir()


def splits(root: Path) -> tuple[str, ...]:
    """The lists in img_idx/."""
    return tuple(sorted(path.stem for path in (root / "img_idx").glob("*.txt")))


def records(root: Path, split: str | None) -> list[Record]:
    """One record for each id of the split."""
    images, masks = by_id(root / "images"), by_id(root / "masks")
    ids = list(images) if split is None else listed(root / "img_idx" / f"{split}.txt")
    missing = [id for id in ids if id not in images]
    if missing:
        raise DataError(f"{root / 'img_idx'}/{split}.txt: {len(missing)} names have no frame, first {missing[0]!r}")
    return [Record(id, images[id], masks.get(id)) for id in ids]


LAYOUT = Layout(matches, splits, records)
