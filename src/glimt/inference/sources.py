"""Where a stream comes from: a video, a stack, folders of frames, a camera, an address; one sequence after another."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from glimt.core.errors import OptionError
from glimt.core.live import Newest, camera_frames, paced
from glimt.core.sequence import count_frames, iter_frames, kind_of
from glimt.core.types import Image, Record
from glimt.core.video import iter_video, video_rate
from glimt.data.dataset import open_dataset
from glimt.data.samples import read_place
from glimt.data.sequences import runs

ADDRESS = re.compile(r"(rtsp|rtmp|udp|tcp|http|https):/+(.+)")
RATE = 25.0  # frames a second of an overlay, where the source does not say

Frames = Iterable[tuple[str, Image]]


@dataclass
class Source:
    """Sequences that follow one another; nothing is read before it is asked for."""

    name: str
    sequences: Iterator[Frames]
    count: int | None = None  # frames in all, where that is known
    rate: float = RATE
    live: list[Newest] = field(default_factory=list)

    @property
    def dropped(self) -> int:
        """Frames that came while nobody was ready."""
        return sum(one.dropped for one in self.live)


def open_source(where: str, layout: str | None, split: str | None, fps: float | None) -> Source:
    """The source of that path, address or camera number; with `fps` a file is played as a camera would give it."""
    path, address = Path(where), ADDRESS.fullmatch(where)
    if address:
        return live(address[1], iter_video(f"{address[1]}://{address[2]}"))
    if where.isdigit() and not path.exists():
        return live(f"camera{where}", camera_frames(int(where)))
    if path.is_file() and kind_of(path) != "frame":
        rate = video_rate(path) if kind_of(path) == "video" else None
        return of_file(path, rate or RATE, fps)
    if fps is not None:
        raise OptionError(f"--fps plays a video or a stack at its pace; {where} is a folder, leave it out")
    records = open_dataset(path, layout).records(split)
    return Source(path.resolve().name, (of_records(run) for run in runs(records)), len(records))


def of_file(path: Path, rate: float, fps: float | None) -> Source:
    """The frames of one file, all of them or those that a pace leaves time for."""
    if fps is not None:
        return live(path.stem, paced(iter_frames(path), fps), fps)
    frames = ((f"{path.stem}/{i:06d}", image) for i, image in enumerate(iter_frames(path)))
    return Source(path.stem, iter([frames]), count_frames(path), rate)


def live(name: str, frames: Iterable[Image], rate: float = RATE) -> Source:
    """Frames that do not wait."""
    newest = Newest(frames)
    numbered = ((f"{name}/{i:06d}", image) for i, image in newest)
    return Source(name, iter([numbered]), None, rate, [newest])


def of_records(run: Iterable[Record]) -> Frames:
    """The frames of one unbroken sequence."""
    return ((record.id, read_place(record.place)) for record in run)
