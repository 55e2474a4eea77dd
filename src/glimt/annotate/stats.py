"""What a project holds in numbers: targets by status, their areas and contrasts, and who did how much."""

from typing import NamedTuple

import numpy as np

from glimt.annotate.lists import target_counts
from glimt.annotate.store import Store, reading

AREAS = (1, 5, 10, 20, 30, 40, 60, 80, 120, 1_000_000)  # px
CONTRASTS = (0, 1, 2, 3, 5, 8, 12, 20, 1_000_000)  # SCR


class Histogram(NamedTuple):
    """Counts between edges, the upper one left out but the last."""

    edges: list[float]
    counts: list[int]


class Stats(NamedTuple):
    """`users` are names and how many edits are theirs, undone ones left out."""

    targets: dict[str, int]
    by_hand: int
    area: Histogram
    scr: Histogram
    users: list[tuple[str, int]]


def stats_of(store: Store) -> Stats:
    """The numbers of a project; areas and contrasts are of all targets with a mask that are not rejected."""
    counts = target_counts(store)
    by_hand = counts.pop("by hand")
    live = "SELECT {} FROM target WHERE deleted = 0 AND status <> 'rejected' AND runs IS NOT NULL AND {} IS NOT NULL"
    with reading(store) as db:
        areas = [value for (value,) in db.execute(live.format("area", "area"))]
        contrasts = [value for (value,) in db.execute(live.format("scr", "scr"))]
        users = db.execute(
            "SELECT author, COUNT(*) FROM op WHERE state = 'done' AND turns IS NULL GROUP BY 1 ORDER BY 1"
        ).fetchall()
    return Stats(
        counts, by_hand, histogram(areas, AREAS), histogram(contrasts, CONTRASTS), [tuple(one) for one in users]
    )


def histogram(values: list[float], edges: tuple[float, ...]) -> Histogram:
    """How many values lie between the edges; what lies outside counts at the ends."""
    inside = np.clip(np.array(values, dtype=float), edges[0], edges[-1])
    return Histogram(list(edges), np.histogram(inside, edges)[0].tolist())
