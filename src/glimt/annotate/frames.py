"""The frames that are open: read once, the few last ones kept."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from glimt.core.errors import FrameError
from glimt.core.frames import Pixels, read_pixels, to_image
from glimt.core.raw import RawFormat
from glimt.core.types import Image, Place
from glimt.data.levels import in_16_bits, in_few_bits, is_image_file
from glimt.data.samples import read_place
from glimt.labelers.labeler import grey_levels

MOST_BYTES = 256 << 20


@dataclass(frozen=True)
class Opened:
    """A frame in memory: as labelers see it, and its grey levels as a file stores them (uint8 or uint16)."""

    image: Image
    levels: Pixels
    kind: str  # the number type that labelers grow it in
    version: str  # changes when the file does

    @property
    def nbytes(self) -> int:
        """What it takes in memory."""
        return self.image.nbytes + self.levels.nbytes


@dataclass(frozen=True)
class Frames:
    """The last frames that were opened, `most` of them and 256 MiB at most; the very last one always."""

    raw: RawFormat | None = None
    most: int = 6
    kept: OrderedDict[tuple[Place, str], Opened] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self, place: Place) -> Opened:
        """The frame that lies there. Raises FrameError where it cannot be read."""
        key = place, version_of(place)
        with self.lock:
            if key in self.kept:
                self.kept.move_to_end(key)
                return self.kept[key]
        opened = read_opened(place, key[1], self.raw)
        with self.lock:
            self.kept[key] = opened
            while len(self.kept) > self.most or (len(self.kept) > 1 and self.nbytes > MOST_BYTES):
                self.kept.popitem(last=False)
        return opened

    @property
    def nbytes(self) -> int:
        """What they take in memory."""
        return sum(one.nbytes for one in self.kept.values())


def version_of(place: Place) -> str:
    """A word that changes when the file does."""
    try:
        note = place.file.stat()
    except OSError as error:
        raise FrameError(f"cannot read {place.file}: {error.strerror or error}") from error
    return f"{note.st_mtime_ns:x}-{note.st_size:x}-{place.page or 0:x}"


def read_opened(place: Place, version: str, raw: RawFormat | None = None) -> Opened:
    """Read a frame once for both uses."""
    if raw is None and is_image_file(place):
        pixels = read_pixels(place.file)
        image = to_image(pixels)
        levels = pixels if pixels.dtype.kind == "u" else in_16_bits(image)
    else:
        image = read_place(place, raw)
        levels = in_few_bits(image)
    return Opened(image, levels, grey_levels(image).dtype.name, version)


Open = Callable[[str], Opened]  # a frame by its id
