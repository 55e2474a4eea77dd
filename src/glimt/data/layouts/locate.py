"""Find the frame that an annotation file names, wherever the folders were moved to."""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

from glimt.core.frames import FRAME_SUFFIXES
from glimt.data.layouts.paths import files_below

Locate = Callable[[str, Path], Path]  # a name, and the annotation file that holds it


def locator(root: Path) -> Locate:
    """How to find the frames that the annotation files of the dataset at `root` name.

    A name is tried as it stands beside the file, in the root, in `images/` and in `images/<the file's stem>/`; then its
    last part anywhere below the root, if only one file has it. Else the answer is the first place, where nothing is.
    """

    @cache
    def elsewhere() -> dict[str, list[Path]]:
        found: dict[str, list[Path]] = {}
        for path in files_below(root, FRAME_SUFFIXES):
            found.setdefault(path.name, []).append(path)
        return found

    def locate(name: str, file: Path) -> Path:
        bases = [file.parent, root, root / "images", root / "images" / file.stem, root.parent / "images", root.parent]
        plain = name.replace("\\", "/").lstrip("/")
        for base in bases:
            if (base / plain).is_file():
                return Path(os.path.normpath(base / plain))
        same = elsewhere().get(plain.rpartition("/")[2], [])
        return same[0] if len(same) == 1 else bases[0] / plain

    return locate
