"""What a click costs: the compiled labelers against plain Python and against decoding the frame, one run, one core.

    python benchmarks/labelers.py DATASET      a folder with images/ and masks/, e.g. SIRST

Every target is clicked at its centroid. Kernel time is that of one call with one click, its frame already in grey
levels, the best of several repeats; the median and the 95th percentile are over the targets. The plain Python reference
is the oracle of the tests (tests/oracles). The last part labels the whole dataset from files to files.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from record import write_result

from glimt.core.catalog import build
from glimt.core.frames import read_frame, read_mask
from glimt.core.targets import targets
from glimt.inference.label import LabelledFolder, label_frame
from glimt.labelers import LABELERS, _growth
from glimt.labelers.fuse import VOTES, Fuse
from glimt.labelers.labeler import clicks_of, grey_levels
from glimt.labelers.pamg import Pamg

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from oracles import growth as slow

REPEATS = 9
SLOW_TARGETS = 60  # the plain Python reference takes milliseconds a target


def main() -> None:
    """Measure, print, write the result."""
    cv2.setNumThreads(1)
    root = Path(sys.argv[1])
    frames = [
        (path, read_frame(path), centroids(root / "masks" / path.name))
        for path in sorted((root / "images").glob("*.png"))
    ]
    clicks = [(grey_levels(image), image, point[None]) for _, image, points in frames for point in points]
    kernel = {name: spread_of([best_of(of_click(c)) for c in clicks]) for name, of_click in kernels().items()}
    some = clicks[:: max(1, len(clicks) // SLOW_TARGETS)]
    plain = {name: spread_of([best_of(partial(call, c), 1) for c in some]) for name, call in references().items()}
    decode = spread_of([best_of(partial(cv2.imread, str(path), cv2.IMREAD_UNCHANGED), 3) for path, _, _ in frames])
    result = {
        "dataset": root.name,
        "frames": len(frames),
        "targets": len(clicks),
        "us_per_target": kernel,
        "us_per_target_plain_python": plain,
        "us_per_frame_png_decode": decode,
        "ratio_to_plain_python": {name: plain[name]["median"] / kernel[name]["median"] for name in plain},
        "whole_dataset": whole_dataset(frames),
    }
    sys.stdout.write(f"{result}\n{write_result('labelers', result)}\n")


def centroids(mask: Path) -> np.ndarray:
    """One click a target."""
    return np.rint(targets(read_mask(mask)).centroids)


def kernels() -> dict[str, Callable[[tuple], Callable[[], Any]]]:
    """For each labeler: given a click, the bare kernel call, its arrays made ready."""
    pamg, fuse = Pamg(), Fuse()
    energy, votes, support = pamg._energy(), [fuse._energy(vote) for vote in VOTES], np.array([pamg.support])

    def ready(width: int, kernel: Callable[..., None], options: tuple) -> Callable[[tuple], Callable[[], Any]]:
        def of_click(click: tuple) -> Callable[[], Any]:
            levels, image, point = click
            arrays = np.zeros(levels.shape, np.int32), np.zeros((1, width))
            return partial(kernel, levels, clicks_of(point, image), *options, 0, *arrays)

        return of_click

    names = ("reach", "most", "length", "depth", "alpha")
    limits = {name: getattr(fuse, name) for name in names}
    return {
        "pamg": ready(2, _growth.pamg, (support, energy)),
        "fuse": ready(3, _growth.fuse, (votes, _growth.Limits(**limits))),
        "pmg": ready(6, _growth.pmg, tuple(limits[name] for name in names[2:])),
    }


def references() -> dict[str, Callable[[tuple], Any]]:
    """The same work in plain Python."""
    fuse = Fuse()
    limits = {name: getattr(fuse, name) for name in ("epsilon", "reach", "most", "fall", "patience", "slack")}

    def run_pamg(click: tuple) -> None:
        slow.pamg(click[0], tuple(int(at) for at in click[2][0]))

    def run_fuse(click: tuple) -> None:
        own = tuple(int(at) for at in click[2][0])
        sign = slow.polarity(click[0], own)
        slow.peak_sizes(click[0], own, (), VOTES, sign=sign, warmup=3, **limits)

    return {"pamg": run_pamg, "fuse": run_fuse}


def best_of(call: Callable[[], Any], repeats: int = REPEATS) -> float:
    """Microseconds of the fastest of several calls."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return 1e6 * min(times)


def spread_of(times: list[float]) -> dict[str, float]:
    """Median and 95th percentile."""
    return {"median": round(float(np.median(times)), 2), "p95": round(float(np.percentile(times, 95)), 2)}


def whole_dataset(frames: list[tuple]) -> dict[str, float]:
    """Seconds to read, label and write every frame with fuse, and the share of each."""
    fuse = build(LABELERS, "fuse", {})
    seconds = dict.fromkeys(("decode", "draw", "draw and measure", "write"), 0.0)
    with tempfile.TemporaryDirectory() as place:
        folder = LabelledFolder(Path(place) / "out")
        folder.open({}, overwrite=False)
        for path, _, points in frames:
            start = time.perf_counter()
            image = read_frame(path)
            read = time.perf_counter()
            fuse(image, points)
            drawn = time.perf_counter()
            rows, drawing = label_frame(path.stem, lambda _, image=image, points=points: (image, points), fuse)
            measured = time.perf_counter()
            folder.add(path.stem, drawing, rows)
            written = time.perf_counter()
            spent = (read - start, drawn - read, measured - drawn, written - measured)
            seconds = {name: total + one for (name, total), one in zip(seconds.items(), spent, strict=True)}
    whole = seconds["decode"] + seconds["draw and measure"] + seconds["write"]
    return {name: round(value, 4) for name, value in seconds.items()} | {
        "total": round(whole, 4),
        "share of drawing": round(seconds["draw"] / whole, 4),
        "share of drawing and measuring": round(seconds["draw and measure"] / whole, 4),
    }


if __name__ == "__main__":
    main()
