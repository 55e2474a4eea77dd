"""What a click costs on a large frame in `glimt annotate`, and what it costs to open a folder of many frames.

    python benchmarks/annotate.py [CLICKS]     100 when left out; about a minute

The server is started as a person starts it. Milliseconds are the server's own, from request to mask; beside them
stands the whole way there and back. A folder's frames are links to one small file: what is measured is the project.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from record import write_result

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from browser.scenes import add_blob, noise, write
from served import Served, asked, fetched, start

SHAPE = (1024, 1280)
CLICKS = 100
COUNT = 5000
FIRST = 60  # thumbnails that a screen shows at first


def main() -> None:
    """Measure, print, write the result."""
    clicks = int(sys.argv[1]) if len(sys.argv) > 1 else CLICKS
    with tempfile.TemporaryDirectory() as folder:
        places = large_frame(Path(folder) / "large", clicks)
        with serving(Path(folder) / "large") as served:
            generators = [one["name"] for one in asked(served.address, "/project")["generators"]]
            clicked = {name: click_times(served, name, places) for name in generators}
        opened = [opening(many_frames(Path(folder) / "many")) for _ in ("new", "again")]
    for name, times in clicked.items():
        sys.stdout.write(f"{name:8} p50 {times['p50']:7.2f} ms   p95 {times['p95']:7.2f} ms\n")
    for found in opened:
        sys.stdout.write("  ".join(f"{name} {value}" for name, value in found.items()) + "\n")
    result = {"frame": list(SHAPE), "clicks": clicks, "milliseconds": clicked, "folder": COUNT}
    sys.stdout.write(f"{write_result('annotate', result | {'opened': opened[0], 'opened again': opened[1]})}\n")


@contextmanager
def serving(folder: Path) -> Iterator[Served]:
    """A server that ends."""
    served = start(folder)
    try:
        yield served
    finally:
        served.kill()


def large_frame(folder: Path, count: int) -> list[tuple[int, int]]:
    """Write one frame with `count` targets of 16 bits; where they are."""
    rng, image = np.random.default_rng(11), noise(11, SHAPE)
    places = [(int(row), int(col)) for row, col in rng.integers(40, np.array(SHAPE) - 40, (count, 2))]
    for row, col in places:
        near = np.s_[row - 8 : row + 9, col - 8 : col + 9]
        image[near] = add_blob(image[near], 8, 8, 3000)
    write(folder / "large.png", image)
    return places


def click_times(served: Served, generator: str, places: list[tuple[int, int]]) -> dict[str, float]:
    """Milliseconds of a click: of the server alone, and there and back."""
    own, whole = [], []
    for row, col in places:
        begun = time.perf_counter()
        body = {"seeds": [{"row": row, "col": col}], "generator": generator}
        own.append(asked(served.address, "/frames/1/candidates", "POST", body)["milliseconds"])
        whole.append(1e3 * (time.perf_counter() - begun))
    return spread(own) | {f"{name} there and back": value for name, value in spread(whole).items()}


def spread(times: list[float]) -> dict[str, float]:
    """The median and the 95th percentile."""
    return {"p50": round(float(np.median(times)), 3), "p95": round(float(np.percentile(times, 95)), 3)}


def many_frames(folder: Path) -> Path:
    """5,000 frames that are one file."""
    if not folder.exists():
        first = write(folder / "f00000.png", add_blob(noise(0, (64, 64)), 30, 30, 3000))
        for i in range(1, COUNT):
            os.link(first, first.with_name(f"f{i:05d}.png"))
    return folder


def opening(folder: Path) -> dict[str, Any]:
    """Seconds until the address is printed, then until the first screen's data are there, and the server's memory."""
    begun = time.perf_counter()
    with serving(folder) as served:
        started = time.perf_counter() - begun
        project = seconds(lambda: asked(served.address, "/project"))
        rows = seconds(lambda: asked(served.address, "/frames?sequence=.&limit=200"))
        thumbs = seconds(lambda: [fetched(served.address, f"/frames/{i}/thumb") for i in range(1, FIRST + 1)])
        return {
            "seconds to the address": round(started, 3),
            "seconds of the project": round(project, 3),
            "seconds of the first page of 200": round(rows, 3),
            f"seconds of {FIRST} thumbnails": round(thumbs, 3),
            "most memory, MiB": round(served.most_resident() / 2**20, 1),
        }


def seconds(act: Callable[[], Any]) -> float:
    """How long it takes."""
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
