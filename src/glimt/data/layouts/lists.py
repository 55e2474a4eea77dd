"""Split lists: text files with one frame a line, written by many hands.

Lines end in LF or CRLF; names may have a suffix, a leading slash, backslashes, the folder of the images in front.
"""

import re
from collections.abc import Container, Iterable
from pathlib import Path

from glimt.core.errors import DataError
from glimt.core.frames import FRAME_SUFFIXES
from glimt.data.layouts.layout import Split
from glimt.data.layouts.paths import names_in

SPLIT_NAME = re.compile(r"(.*[_-])?(train|val|test|trainval)([_-].*)?\.txt", re.IGNORECASE)
NAME_END = re.compile(r"[^0-9a-zA-Z]")


def read_list(path: Path) -> Split:
    """The lines of one list that are not blank, without their line ends."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"cannot read the split {path}: {error}") from error
    return Split(tuple(line.strip() for line in text.splitlines() if line.strip()), path)


def lists_in(folder: Path, prefix: str = "") -> dict[str, Split]:
    """Every `.txt` of a folder as a split."""
    names = [name for name in names_in(folder) if name.endswith(".txt") and not name.startswith(".")]
    return {prefix + name.removesuffix(".txt"): read_list(folder / name) for name in names}


def lists_at_root(root: Path) -> dict[str, Split]:
    """The `.txt` files of a dataset's root that are named like a split."""
    names = [name for name in names_in(root) if SPLIT_NAME.fullmatch(name)]
    return {name.removesuffix(".txt"): read_list(root / name) for name in names}


def strip_type(name: str) -> str:
    """A frame's name as an id: forward slashes, no slash in front, without a frame's file type."""
    plain = name.replace("\\", "/").removeprefix("./").lstrip("/")
    stem, dot, kind = plain.rpartition(".")
    return stem if dot and f".{kind.lower()}" in FRAME_SUFFIXES else plain


def id_of(name: str, known: Container[str]) -> str | None:
    """The id among `known` that a list means by `name`; None when there is none.

    A list may put any number of folders in front, and an id may end in what looks like a type.
    """
    for plain in (name.replace("\\", "/").removeprefix("./").lstrip("/"), strip_type(name)):
        parts = plain.split("/")
        for start in range(len(parts)):
            if (id := "/".join(parts[start:])) in known:
                return id
    return None


def full_name(short: str, names: Iterable[str]) -> list[str]:
    """The splits that `short` can stand for: itself, else those that begin with it, `train_` before `trainval_`."""
    names = list(names)
    if short in names:
        return [short]
    ends = {name: rest for name in names if (rest := after(name, short)) is not None}
    whole_word = [name for name, rest in ends.items() if not rest or NAME_END.match(rest)]
    return whole_word or list(ends)


def after(name: str, short: str) -> str | None:
    """What follows `short` in a split's name or in its last part (`50_50/train`); None when it begins otherwise."""
    for text in (name, name.rpartition("/")[2]):
        if text.startswith(short):
            return text.removeprefix(short)
    return None
