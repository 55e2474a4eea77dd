import numpy as np
import pytest

from glimt.core.catalog import build
from glimt.metrics import PROFILES
from glimt.metrics.evaluate import evaluate
from glimt.metrics.pair import Pair


def blocks(shape, *places):
    """A mask of filled rectangles (top, left, rows, cols)."""
    mask = np.zeros(shape, dtype=bool)
    for top, left, rows, cols in places:
        mask[top : top + rows, left : left + cols] = True
    return mask


def noisy_pair(seed, shape=(48, 56)):
    """A seeded pair with hits, misses, false blobs and many score levels."""
    rng = np.random.default_rng(seed)
    true = np.zeros(shape, dtype=bool)
    scores = (rng.random(shape) ** 8 * 0.6).astype(np.float32)
    for _ in range(rng.integers(0, 4)):
        row, col = rng.integers(0, shape[0] - 4), rng.integers(0, shape[1] - 4)
        size = rng.integers(1, 5)
        true[row : row + size, col : col + size] = True
        row, col = np.maximum(np.array([row, col]) + rng.integers(-2, 3, 2), 0)
        scores[row : row + size, col : col + size] = rng.random()
    return Pair(scores, true, rng.random(shape, dtype=np.float32), f"{seed}")


@pytest.fixture(scope="session")
def make_blocks():
    return blocks


@pytest.fixture(scope="session")
def noisy():
    return [noisy_pair(seed) for seed in range(12)]


@pytest.fixture(scope="session")
def score():
    """Values and counts of pairs under a named profile."""

    def run(name, *pairs, **options):
        result = evaluate([Pair(found, true) for found, true in pairs], build(PROFILES, name, options))
        return {**result.counts, **result.values}

    return run
