"""Find frames and masks by name, and read lists of names."""

from pathlib import Path

from glimt.core.frames import FRAME_SUFFIXES


def frames_below(folder: Path) -> list[Path]:
    """Every frame in a folder and below it, sorted by name."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in FRAME_SUFFIXES and path.is_file())


def by_id(folder: Path) -> dict[str, Path]:
    """Frames by their path below the folder without suffix, slashes forward."""
    return {path.relative_to(folder).with_suffix("").as_posix(): path for path in frames_below(folder)}


def listed(path: Path) -> list[str]:
    """The names of a split file: one a line, CRLF or not, without leading slash; a frame's suffix is dropped."""
    lines = (line.strip().replace("\\", "/").lstrip("/") for line in path.read_text(encoding="utf-8-sig").splitlines())
    return [bare(line) for line in lines if line]


def bare(name: str) -> str:
    """A name without the suffix of a frame."""
    stem, dot, suffix = name.rpartition(".")
    return stem if dot and f".{suffix.lower()}" in FRAME_SUFFIXES else name
