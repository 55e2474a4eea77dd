"""Pair the files of two folders: found masks or score maps, and true masks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from glimt.core.errors import DataError
from glimt.core.frames import FRAME_SUFFIXES, read_frame, read_mask, read_pixels, to_image
from glimt.core.types import ScoreMap
from glimt.metrics.pair import Pair

TRUE_SUFFIX = "_pixels0"  # SIRST v1 adds it to the names of its masks
SHOWN = 5  # names that an error lists


@dataclass(frozen=True)
class Files:
    """Where one pair lives."""

    id: str
    found: Path
    true: Path
    image: Path | None = None


@dataclass(frozen=True)
class Paired:
    """The pairs of two folders, and the names that only one of them holds."""

    files: list[Files]
    only_found: tuple[str, ...] = ()
    only_true: tuple[str, ...] = ()


def pair_files(found: Path, true: Path, frames: Path | None = None, strict: bool = False) -> Paired:
    """The pairs of two folders, by path without suffix, or of two files.

    Raises DataError where nothing pairs, and with `strict` where anything is left without a partner.
    """
    if found.is_file() and true.is_file():
        image = by_id(frames).get(found.stem) if frames and frames.is_dir() else frames
        return Paired([Files(found.stem, found, true, image)])
    founds, trues = by_id(found), by_id(true)
    both = founds.keys() & trues.keys()
    if not both:
        names = f"{found} holds {listed(founds)}; {true} holds {listed(trues)}"
        raise DataError(f"no name in common: {names}; files pair by name without suffix")
    only_found, only_true = sorted(founds.keys() - both), sorted(trues.keys() - both)
    if strict:
        refuse_alone(only_true, f"true masks without a found map in {found}")
        refuse_alone(only_found, f"found maps without a true mask in {true}")
    images = by_id(frames) if frames else {}
    if frames and both - images.keys():
        raise DataError(f"{frames} has no frame for {listed(both - images.keys())}; frames pair by name as masks do")
    files = [Files(id, founds[id], trues[id], images.get(id)) for id in sorted(both)]
    return Paired(files, tuple(only_found), tuple(only_true))


def by_id(folder: Path) -> dict[str, Path]:
    """The images of a folder and its subfolders, by path without suffix."""
    if not folder.is_dir():
        wrong = "is a file, where a folder is needed" if folder.exists() else "does not exist"
        raise DataError(f"{folder} {wrong}; give two folders of images, or two images")
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in FRAME_SUFFIXES)
    if not paths:
        raise DataError(f"{folder} holds no image ({', '.join(FRAME_SUFFIXES)})")
    files: dict[str, Path] = {}
    for path in paths:
        id = path.relative_to(folder).with_suffix("").as_posix().removesuffix(TRUE_SUFFIX)
        if id in files:
            raise DataError(f"{folder}: {files[id].name} and {path.name} are both {id!r}; keep one of them")
        files[id] = path
    return files


def refuse_alone(alone: Sequence[str], what: str) -> None:
    """Raise DataError where there are names without a partner."""
    if alone:
        raise DataError(f"{len(alone)} {what}: {listed(alone)}; add them, or leave them out by going without --strict")


def listed(names: Iterable[str]) -> str:
    """The first few names."""
    names = sorted(names)
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")


def read_pair(files: Files) -> Pair:
    """Read one pair. A found mask is a score map of zeros and ones, which every threshold between leaves alone."""
    return Pair(
        found=read_scores(files.found),
        true=read_mask(files.true),
        image=None if files.image is None else read_frame(files.image),
        id=files.id,
    )


def read_scores(path: Path) -> ScoreMap:
    """A score map. Raises DataError where a float map leaves [0, 1]: logits must not be stretched as a frame is."""
    pixels = read_pixels(path)
    if pixels.dtype.kind == "f" and not 0 <= pixels.min() <= pixels.max() <= 1:
        raise DataError(f"{path}: scores run from {pixels.min():.4g} to {pixels.max():.4g}; they must lie in [0, 1]")
    return to_image(pixels)
