"""One dataset of several, by links: `python benchmarks/union.py OUT SIRST NUDT-SIRST ...`.

Each must be in the layout of BasicIRSTD and know a `train_<name>` and a `test_<name>`. The union has these, `train_all`
and `test_all`; images keep their names.
"""

import sys
from pathlib import Path

from glimt.core.errors import DataError
from glimt.core.files import write_text
from glimt.data.dataset import open_dataset


def main() -> None:
    """Link and list."""
    make_union(Path(sys.argv[1]), [Path(root) for root in sys.argv[2:]])


def make_union(out: Path, roots: list[Path]) -> None:
    """Link every frame and mask of `roots` into `out`. Raises DataError for a name that two of them have."""
    lists: dict[str, list[str]] = {"train_all": [], "test_all": []}
    for root in roots:
        for folder in ("images", "masks"):
            (out / folder).mkdir(parents=True, exist_ok=True)
            for file in sorted((root / folder).iterdir()):
                link(out / folder / file.name, file.resolve())
        for part in ("train", "test"):
            ids = [record.id for record in open_dataset(root).records(f"{part}_{root.name}")]
            lists[f"{part}_{root.name}"] = ids
            lists[f"{part}_all"] += ids
    for name, ids in lists.items():
        write_text(out / "img_idx" / f"{name}.txt", "".join(f"{id}\n" for id in ids))


def link(place: Path, file: Path) -> None:
    """Link one file; a link that is there already must lead to it."""
    if place.is_symlink() and place.resolve() == file:
        return
    if place.is_symlink() or place.exists():
        raise DataError(f"{place.name} is in two datasets: {place.resolve()} and {file}")
    place.symlink_to(file)


if __name__ == "__main__":
    main()
