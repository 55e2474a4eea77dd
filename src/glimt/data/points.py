"""Point labels drawn from masks."""

import numpy as np

from glimt.core.errors import OptionError
from glimt.core.targets import targets
from glimt.core.types import Mask, Points

POINT_KINDS = ("centroid", "floor", "coarse", "interior", "boundary")


def points_from_mask(mask: Mask, kind: str, rng: np.random.Generator) -> Points:
    """One point a target."""
    if kind not in POINT_KINDS:
        raise OptionError(f"points {kind!r}")
    found = targets(mask)
    if kind == "centroid":
        return np.rint(found.centroids)
    if kind == "floor":
        return np.floor(found.centroids)
    out = []
    for i in range(1, len(found.areas) + 1):
        own = np.argwhere(found.labels == i)
        s = set(map(tuple, own.tolist()))
        if kind == "boundary":
            own = np.array([p for p in s if any((p[0] + a, p[1] + b) not in s for a, b in ((0, 1), (1, 0), (0, -1), (-1, 0)))])
            own = own[np.lexsort((own[:, 1], own[:, 0]))]
        if kind == "coarse":
            box = own.max(0) - own.min(0) + 1
            while True:
                p = np.floor(found.centroids[i - 1] + box / 2 * rng.normal(0, 0.25, 2))
                if tuple(p.astype(int).tolist()) in s:
                    out.append(p); break
            continue
        out.append(own[rng.integers(len(own))].astype(float))
    return np.array(out, dtype=float).reshape(-1, 2)
