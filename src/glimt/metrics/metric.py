"""A metric counts on each image and is read off the sum of the counts.

So a score over an image, over a dataset, or over the shards of a cluster is the same code. Counts are integers, or
fractions in steps of 2^-32: both add without rounding, in any order, and a sum over shards equals the whole to the bit.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from glimt.metrics.pair import Comparison

Counts = Mapping[str, Any]  # name -> int, float, or an array of them; one name means one thing in every metric
Table = Mapping[str, list]  # column -> values, all of one length

STEP = 2.0**-32  # sums of values up to 1 stay exact for two million images, and each value keeps nine digits


def no_table(counts: Counts) -> Mapping[str, Table]:
    """Nothing to tabulate."""
    return {}


@dataclass(frozen=True)
class Metric:
    """`count` looks at one image; `value` and `table` look at the sum over all of them."""

    count: Callable[[Comparison], Counts]
    value: Callable[[Counts], Mapping[str, float]]
    table: Callable[[Counts], Mapping[str, Table]] = no_table


def exact_sum(values: Iterable[float]) -> float:
    """The sum of `values`, each rounded to the step in which fractions are counted."""
    return sum([round(value / STEP) for value in values]) * STEP


def total(rows: Iterable[Counts]) -> dict[str, Any]:
    """The sum of counts, name by name. A name that is missing somewhere counts nothing there."""
    sums: dict[str, Any] = {}
    for row in rows:
        add(sums, row)
    return sums


def add(sums: dict[str, Any], row: Counts) -> None:
    """Add the counts of one image to the sums."""
    for name, count in row.items():
        sums[name] = sums[name] + count if name in sums else count


def ratio(above: float, below: float) -> float:
    """One count over another; not a number when nothing was counted."""
    return float(above / below) if below else float("nan")


def share(name: str, above: str, below: str, counts: Counts) -> dict[str, float]:
    """The value `name` as one count over another; use with `partial`."""
    return {name: ratio(counts[above], counts[below])}
