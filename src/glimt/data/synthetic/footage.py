"""Real frames as backgrounds: each clip is a run of frames, or one frame that the camera pans over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from glimt.core.errors import DataError
from glimt.core.frames import FRAME_SUFFIXES, read_frame
from glimt.core.sequence import count_frames, iter_frames
from glimt.core.types import Image
from glimt.core.video import VIDEO_SUFFIXES
from glimt.data.layouts.paths import files_below, natural
from glimt.data.synthetic.background import Shape
from glimt.data.synthetic.view import fold

Clip = Sequence[Path]  # the files of its frames, or the one file that holds them all


@dataclass(frozen=True)
class Film:
    """A world that is another picture at every frame."""

    pictures: tuple[Image, ...]

    def __call__(self, t: int) -> Image:
        return self.pictures[t % len(self.pictures)]


def find_clips(source: Path, stills: bool = False) -> list[Clip]:
    """The clips of a file or a folder: each video, each file of pages, and the frames of each folder in natural order.

    With `stills`, every frame is a clip of its own. Raises DataError where there is none.
    """
    if not source.exists():
        raise DataError(f"{source}: no such file or folder; give frames or a video to put targets on")
    files = list(files_below(source, (*FRAME_SUFFIXES, *VIDEO_SUFFIXES))) if source.is_dir() else [source]
    groups: dict[Path, list[Path]] = {}
    for file in sorted(files, key=lambda path: natural(path.as_posix())):
        alone = stills or file.suffix.lower() in VIDEO_SUFFIXES
        groups.setdefault(file if alone else file.parent, []).append(file)
    if not groups:
        raise DataError(f"{source}: no frame and no video in it; known endings: {' '.join(FRAME_SUFFIXES)} .mp4 ...")
    return list(groups.values())


def read_clip(clip: Clip, frames: int, size: Shape, rng: np.random.Generator) -> Film:
    """As many frames of a clip from somewhere in it, played back and forth where it is too short; a still alone.

    Raises DataError for frames smaller than `size`, or of different sizes.
    """
    total = len(clip) if len(clip) > 1 else count_frames(clip[0])
    start = int(rng.integers(max(1, total - frames + 1)))
    wanted = fold(start + np.arange(frames), total - 1).tolist() if total > 1 else [0]
    found = dict(zip(sorted(set(wanted)), _frames_at(clip, sorted(set(wanted))), strict=True))
    for picture in found.values():
        _check(picture.shape, next(iter(found.values())).shape, size, clip[0])
    return Film(tuple(found[i] for i in wanted))


def _frames_at(clip: Clip, wanted: Sequence[int]) -> Iterator[Image]:
    if len(clip) > 1:
        yield from (read_frame(clip[i]) for i in wanted)
        return
    chosen = set(wanted)
    for i, image in enumerate(iter_frames(clip[0])):
        if i in chosen:
            yield image
        if i >= wanted[-1]:
            return


def _check(shape: tuple[int, ...], first: tuple[int, ...], size: Shape, path: Path) -> None:
    if shape != first:
        raise DataError(f"{path}: its frames, and those behind it, differ in size: {_text(first)} and {_text(shape)}")
    if shape[0] < size[0] or shape[1] < size[1]:
        raise DataError(
            f"{path}: its frames are {_text(shape)}, smaller than the {_text(size)} asked; ask a smaller size"
        )


def _text(shape: tuple[int, ...]) -> str:
    return "x".join(map(str, shape))
