"""How far a target stands out of the clutter around it: contrast, SCR and PAMG's generation boundary.

The surroundings of a target are its box grown by a margin, less every target's pixels. What is undefined (a
target without pixels, a window without background) is not a number.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from scipy.ndimage import find_objects

from glimt.core.types import Image, Instances

MARGIN = 20  # px; the clutter that PAMG's growth can meet at its default support R_s = 20
SUPPORT = 20.0  # px; PAMG's R_s in blind mode

Values = Float[np.ndarray, " n"]


class Clutter(NamedTuple):
    """Statistics of each target and of its surroundings; row i is about instance i + 1. Intensities are in [0, 1]."""

    areas: Values  # pixels; 0 where the instance is missing
    means: Values  # mu_T
    spreads: Values  # sigma_T, of the population
    mean_around: Values  # mu_B
    spread_around: Values  # sigma_B


def clutter(image: Image, instances: Instances, count: int | None = None, margin: int = MARGIN) -> Clutter:
    """Measure instances 1..count of one frame, and the background within `margin` pixels of each one's box."""
    rows = [_measure(inside, outside) for inside, outside in windows(image, instances, count, margin)]
    return Clutter(*np.array(rows, dtype=float).reshape(-1, 5).T)


def windows(
    image: Image, instances: Instances, count: int | None = None, margin: int = MARGIN
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """For each of the instances 1..count: its own pixel values, and those of its surroundings."""
    boxes = find_objects(instances, count or 0)
    for i, box in enumerate(boxes if count is None else boxes[:count], start=1):
        if box is None:
            yield image[:0, 0], image[:0, 0]
            continue
        window = tuple(slice(max(0, side.start - margin), side.stop + margin) for side in box)
        values, owner = image[window], instances[window]
        yield values[owner == i], values[owner == 0]


def _measure(inside: np.ndarray, outside: np.ndarray) -> tuple[float, ...]:
    return inside.size, *_moments(inside), *_moments(outside)


def _moments(values: np.ndarray) -> tuple[float, float]:
    if not values.size:
        return np.nan, np.nan
    mean = values.mean(dtype=np.float64)
    off = values - mean
    return mean, np.sqrt(off @ off / off.size)


def contrast(around: Clutter) -> Values:
    """Mean of each target less the mean around it; negative for a dark target (signed mu_T - mu_B)."""
    return around.means - around.mean_around


def scr(around: Clutter) -> Values:
    """Signal-to-clutter ratio |mu_T - mu_B| / sigma_B (paper 001, below Eq. 9); infinite on a flat background."""
    return _ratio(np.abs(contrast(around)), around.spread_around)


def uniformity(around: Clutter) -> Values:
    """Uniformity ratio gamma = sigma_B / sigma_T (paper 001, below Eq. 9); infinite for a perfectly flat target."""
    return _ratio(around.spread_around, around.spreads)


def boundary(areas: Values, uniformity: Values, support: float = SUPPORT) -> Values:
    """The SCR above which PAMG's growth stops at such a target: B(n, gamma, R_s), right side of Eq. 9 of paper 001.

    Zero where the support alone stops the growth (n ln n >= 2 pi R_s^2) or the target is flat; infinite for one pixel.
    """
    return _ratio(_resistance(areas, support), uniformity)


def boundary_ratio(around: Clutter, support: float = SUPPORT) -> Values:
    """Boundary satisfaction rho = SCR / B(n, gamma, R_s) (Eq. 20 of paper 001); above 1 the growth stops by itself.

    sigma_B divides both SCR and B, so it cancels: rho = |mu_T - mu_B| / (sigma_T sqrt(2n max(0, ...))), which stays
    defined on a flat background. A single pixel has rho = 0.
    """
    needed = np.where(around.areas == 1, np.inf, around.spreads * _finite(_resistance(around.areas, support)))
    return _ratio(np.abs(contrast(around)), needed)


def _resistance(areas: Values, support: float) -> Values:
    """sqrt(2n max(0, 1 / (n ln n) - 1 / (2 pi R_s^2))), infinite at n = 1."""
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = 1 / (areas * np.log(areas))
    return np.sqrt(2 * areas * np.maximum(0, gain - 1 / (2 * np.pi * support**2)))


def _finite(values: Values) -> Values:
    return np.where(np.isinf(values), 0.0, values)


def _ratio(above: Values, below: Values) -> Values:
    """`above / below`, infinite over zero, and 0 / 0 is 0: nothing stands out of nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((above == 0) & (below == 0), 0.0, above / below)
