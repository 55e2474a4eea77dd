"""How sure a score is: percentile bootstrap over images.

Because counts add, a resampled dataset is one row of (draws x images) times the (images x counts) matrix.
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from jaxtyping import Float

from glimt.metrics.metric import Counts, Metric

CELLS = 2**23  # resampling weights held at once


def intervals(
    rows: Sequence[Counts], metrics: Iterable[Metric], draws: int, rng: np.random.Generator, level: float = 0.95
) -> dict[str, tuple[float, float]]:
    """Percentile interval of each value, from `draws` datasets of as many images drawn with replacement.

    `rows` are the scalar counts of each image; a value that needs more than those has no interval.
    """
    metrics = tuple(metrics)
    names = sorted({name for row in rows for name in row})
    matrix = np.array([[row.get(name, 0) for name in names] for row in rows], dtype=float)
    drawn = [values_of(dict(zip(names, sums, strict=True)), metrics) for sums in resampled(matrix, draws, rng)]
    tails = (50 * (1 - level), 50 * (1 + level))
    return {name: percentiles([values[name] for values in drawn], tails) for name in drawn[0]}


def resampled(
    matrix: Float[np.ndarray, "n k"], draws: int, rng: np.random.Generator
) -> Iterator[Float[np.ndarray, " k"]]:
    """Sums of the counts of each resampled dataset."""
    images = len(matrix)
    at_once = max(1, CELLS // images)
    for start in range(0, draws, at_once):
        weights = rng.multinomial(images, np.full(images, 1 / images), size=min(at_once, draws - start))
        yield from weights @ matrix


def values_of(counts: Counts, metrics: Iterable[Metric]) -> dict[str, float]:
    """Every value of the metrics, from one sum of counts."""
    return {name: value for metric in metrics for name, value in metric.value(counts).items()}


def percentiles(values: list[float], tails: tuple[float, float]) -> tuple[float, float]:
    """The two percentiles of the draws in which the value exists."""
    known = [value for value in values if not np.isnan(value)]
    low, high = np.percentile(known, tails) if known else (np.nan, np.nan)
    return float(low), float(high)
