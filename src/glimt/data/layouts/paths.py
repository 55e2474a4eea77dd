"""Find frames and masks below a folder. Hidden files (`._a.png`, `.DS_Store`, drafts) are never frames."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from glimt.core.errors import DataError
from glimt.core.frames import FRAME_SUFFIXES

SHOWN = 5  # names that an error lists
NO_SEQUENCES = (
    "images",
    "jpegimages",
    "imgs",
    "img",
    "frames",
    "train",
    "val",
    "valid",
    "test",
    "trainval",
    "training",
)
DIGITS = re.compile(r"(\d+)")


def files_below(folder: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    """Every file below `folder` whose suffix is one of `suffixes` in any case."""
    for parent, folders, names in os.walk(folder, followlinks=True):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and not leads_up(Path(parent, name)))
        for name in sorted(names):
            if name.lower().endswith(suffixes) and not name.startswith("."):
                yield Path(parent, name)


def leads_up(folder: Path) -> bool:
    """Whether a folder is a link to one that it lies in; `ln -s` run twice makes such."""
    return folder.is_symlink() and folder.resolve() in {parent.resolve() for parent in folder.parents}


def holds(folder: Path, *suffixes: str) -> bool:
    """Whether a file with one of these suffixes (a frame's, when none is given) lies directly in `folder`."""
    wanted = suffixes or FRAME_SUFFIXES
    return any(name.lower().endswith(wanted) and not name.startswith(".") for name in names_in(folder))


def names_in(folder: Path) -> list[str]:
    """The names in a folder as they are written, in order; none where there is no folder."""
    try:
        return sorted(entry.name for entry in os.scandir(folder))
    except OSError:
        return []


def has_folders(root: Path, *names: str) -> bool:
    """Whether `root` has all these folders, in this very case: `Images` is not `images`, on any disk."""
    present = names_in(root)
    return all(name in present and (root / name).is_dir() for name in names)


def by_id(folder: Path, ending: str = "", suffixes: tuple[str, ...] = FRAME_SUFFIXES) -> dict[str, Path]:
    """Files below `folder` by id: their path without its type, and without `ending` where the stem has it.

    Where two files share an id, the one whose type comes first in `suffixes` is taken.
    """
    found: dict[str, Path] = {}
    for path in files_below(folder, suffixes):
        id = path.relative_to(folder).with_suffix("").as_posix().removesuffix(ending)
        found[id] = min(found.get(id, path), path, key=lambda one: suffixes.index(one.suffix.lower()))
    return found


def frames_by_id(folder: Path) -> dict[str, Path]:
    """The frames below `folder` by id, in natural order. Raises DataError when two frames share an id."""
    found: dict[str, Path] = {}
    for path in files_below(folder, FRAME_SUFFIXES):
        id = path.relative_to(folder).with_suffix("").as_posix()
        if id in found:
            raise DataError(f"{folder}: {found[id].name} and {path.name} are both frame {id!r}; keep one of them")
        found[id] = path
    return {id: found[id] for id in sorted(found, key=natural)}


def natural(name: str) -> list[tuple[int, str]]:
    """A key that sorts 2 before 10."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in DIGITS.split(name)]


def sequence_of(id: str) -> str | None:
    """The sequence that a frame's id names: its folders, unless the last is only that of a split or of all frames."""
    folder = id.rpartition("/")[0]
    return folder if folder and folder.rpartition("/")[2].lower() not in NO_SEQUENCES else None


def listed(names: Iterable[str], between: str = ", ") -> str:
    """The first few names, and how many more there are."""
    names = list(names)
    return between.join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
