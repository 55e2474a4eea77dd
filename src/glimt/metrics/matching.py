"""Who found whom: pair the found targets of one image with its true targets.

A matcher takes the found and the true targets and returns the pairs. All distances are between centroids, in pixels,
and must stay strictly below the radius, as every published protocol has it.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int
from scipy.optimize import linear_sum_assignment

from glimt.core.targets import Targets, effective_radius

RADIUS = 3.0  # px


class Matches(NamedTuple):
    """Pairs of a found and a true target, in the order of the true ones; indices count from zero."""

    found: Int[np.ndarray, " k"]
    true: Int[np.ndarray, " k"]
    distances: Float[np.ndarray, " k"]


Matcher = Callable[[Targets, Targets], Matches]


def greedy_first(found: Targets, true: Targets, radius: float = RADIUS) -> Matches:
    """Each true target, in raster order, takes the first found target within reach that is still free.

    The rule of nearly every published Pd. "First" is raster order too, so a nearer one may be passed over.
    """
    apart = distances(found, true)
    hits: dict[int, int] = {}  # true -> found
    near = apart < radius
    for j, i in zip(*(side.tolist() for side in near.T.nonzero()), strict=True):
        if j not in hits and i not in hits.values():
            hits[j] = i
    return matched([(i, j) for j, i in hits.items()], apart)


def nearest(found: Targets, true: Targets, radius: float = RADIUS) -> Matches:
    """The closest pair within reach is matched first, then the closest of the others, and so on."""
    apart, left = distances(found, true), distances(found, true)
    pairs = []
    while left.size and left.min() < radius:
        i, j = divmod(int(left.argmin()), left.shape[1])
        pairs.append((i, j))
        left[i], left[:, j] = np.inf, np.inf
    return matched(sorted(pairs, key=lambda pair: pair[1]), apart)


def hungarian(found: Targets, true: Targets, radius: float = RADIUS) -> Matches:
    """As many pairs within reach as possible, and of those the set with the smallest sum of distances."""
    apart = distances(found, true)
    cost = np.where(apart < radius, apart, radius * (1 + min(apart.shape)))  # one pair more is worth any distance
    pairs = zip(*(side.tolist() for side in linear_sum_assignment(cost)), strict=True)
    return matched(sorted((pair for pair in pairs if apart[pair] < radius), key=lambda pair: pair[1]), apart)


def within_target(found: Targets, true: Targets, share: float = 0.5) -> Matches:
    """MTU-Net: a found target hits the first true target nearer than `share` of that one's equivalent diameter.

    Several found targets may hit the same true one.
    """
    apart = distances(found, true)
    near = apart < share * 2 * effective_radius(true.areas)
    hits = np.flatnonzero(near.any(axis=1)).tolist()
    pairs = [(i, int(near[i].argmax())) for i in hits]
    return matched(sorted(pairs, key=lambda pair: pair[::-1]), apart)


def overlap_then_distance(found: Targets, true: Targets, overlap: float = 0.5, radius: float = RADIUS) -> Matches:
    """OPDC: an assignment by distance keeps its pairs with IoU >= `overlap`; a second one pairs the rest within reach.

    Both assignments minimise the sum of distances over everything they are given; only then are far pairs dropped.
    """
    apart = distances(found, true)
    i, j = linear_sum_assignment(apart)
    good = pair_ious(found, true, i, j) >= overlap
    rest = [np.setdiff1d(np.arange(n), used[good]) for n, used in zip(apart.shape, (i, j), strict=True)]
    late = linear_sum_assignment(apart[np.ix_(*rest)])
    pairs = [(int(rest[0][a]), int(rest[1][b])) for a, b in zip(*late, strict=True)]
    pairs = [pair for pair in pairs if apart[pair] < radius] + list(
        zip(i[good].tolist(), j[good].tolist(), strict=True)
    )
    return matched(sorted(pairs, key=lambda pair: pair[1]), apart)


def distances(found: Targets, true: Targets) -> Float[np.ndarray, "n m"]:
    """Distance from every found centroid to every true centroid."""
    apart = found.centroids[:, None] - true.centroids
    return np.sqrt(np.einsum("nmk,nmk->nm", apart, apart))


def matched(pairs: list[tuple[int, int]], apart: Float[np.ndarray, "n m"]) -> Matches:
    """Pairs of (found, true) as arrays, with their distances."""
    found, true = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return Matches(found, true, apart[found, true])


def pair_ious(
    found: Targets, true: Targets, i: Int[np.ndarray, " k"], j: Int[np.ndarray, " k"]
) -> Float[np.ndarray, " k"]:
    """IoU of found target i with true target j, for each pair. The labels of both must be on the same pixels."""
    n, m = len(found.areas) + 1, len(true.areas) + 1
    code = found.labels * np.int64(m) + true.labels
    shared = np.bincount(code.ravel(), minlength=n * m)[(i + 1) * m + j + 1]
    return shared / (found.areas[i] + true.areas[j] - shared)
