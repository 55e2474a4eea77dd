"""How long the default profile takes on 214 score maps, against a plain regionprops implementation, in one run.

    python benchmarks/metrics.py                       on synthetic masks of 256 x 256
    python benchmarks/metrics.py DATASET SPLIT_FILE    on the true masks of a dataset

The found maps are made from the true masks: blurred, with noise below the threshold and a few false blobs.
Needs scikit-image.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import sys
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import metrics_reference as reference
import numpy as np
from record import write_result

from glimt.core.frames import read_mask
from glimt.metrics.evaluate import curves_and_bins, evaluate
from glimt.metrics.pair import Pair
from glimt.metrics.profiles import basicirstd

IMAGES = 214
REPEATS = 7


def main() -> None:
    """Time both, check that they agree, write the result."""
    cv2.setNumThreads(1)
    rng = np.random.default_rng(0)
    masks = real_masks(Path(sys.argv[1]), Path(sys.argv[2])) if len(sys.argv) > 1 else synthetic_masks(rng)
    plain = [(found_map(mask, rng), mask) for mask in masks]
    pairs = [Pair(found, true) for found, true in plain]
    profile = basicirstd()
    values, expected = evaluate(pairs, profile).values, reference.basicirstd(plain)
    assert all(abs(values[name] - expected[name]) < 1e-9 for name in expected), "the two disagree"
    ours, slow, once, floor, full = best_of(
        lambda: evaluate(pairs, profile),
        lambda: reference.basicirstd(plain),
        lambda: reference.basicirstd(plain, remembering()),
        lambda: reference.labelling(plain),
        lambda: evaluate(pairs, profile, curves_and_bins()),
    )
    result = {
        "masks": "real" if len(sys.argv) > 1 else "synthetic",
        "images": len(pairs),
        "us_per_image": {
            "glimt": ours,
            "regionprops, a function for each metric": slow,
            "regionprops, matching shared by the metrics": once,
            "regionprops labelling and measuring alone": floor,
            "glimt with curves and bins": full,
        },
        "ratio": slow / ours,
        "ratio_to_shared_matching": once / ours,
        "ratio_to_labelling_alone": floor / ours,
    }
    path = write_result("metrics_real" if len(sys.argv) > 1 else "metrics", result)
    sys.stdout.write(f"{slow / ours:.1f} times as fast as the reference, {ours:.0f} us an image; written to {path}\n")


def remembering() -> reference.Match:
    """The reference's matching, done once for each image."""
    known: dict[int, tuple[list, list]] = {}

    def match(scores: np.ndarray, true: np.ndarray) -> tuple[list, list]:
        if id(scores) not in known:
            known[id(scores)] = reference.matches(scores, true)
        return known[id(scores)]

    return match


def best_of(*runs: Callable[[], object]) -> list[float]:
    """Microseconds an image of each run: the fastest of several rounds, in which the runs take turns."""
    times = np.full((REPEATS, len(runs)), np.inf)
    for i in range(REPEATS):
        for j, run in enumerate(runs):
            start = time.perf_counter()
            run()
            times[i, j] = time.perf_counter() - start
    return (1e6 * times.min(axis=0) / IMAGES).round(1).tolist()


def real_masks(dataset: Path, split: Path) -> list[np.ndarray]:
    """The first masks of a split."""
    return [read_mask(dataset / "masks" / f"{name}.png") for name in split.read_text().split()[:IMAGES]]


def synthetic_masks(rng: np.random.Generator) -> list[np.ndarray]:
    """Frames of 256 x 256 with one to three round targets of radius 1 to 4."""
    masks = []
    for _ in range(IMAGES):
        mask = np.zeros((256, 256), np.uint8)
        for _ in range(rng.integers(1, 4)):
            cv2.circle(mask, rng.integers(8, 248, 2).tolist(), int(rng.integers(1, 5)), 1, -1)
        masks.append(mask.view(bool))
    return masks


def found_map(true: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A score map such as a good network gives."""
    scores = cv2.GaussianBlur(true.astype(np.float32), (3, 3), 0.7) + rng.random(true.shape, dtype=np.float32) * 0.1
    for _ in range(rng.poisson(0.3)):
        row, col = rng.integers(5, true.shape[0] - 6), rng.integers(5, true.shape[1] - 6)
        scores[row : row + 3, col : col + 3] = 0.8
    return np.clip(scores, 0, 1)


if __name__ == "__main__":
    main()
