"""What a network is normalised by, and what the TDA loss compares a target with: numbers of the training frames.

The published pipelines take the mean of the images' means and of their standard deviations, not those of all pixels.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from glimt.core.catalog import hint
from glimt.core.clutter import clutter, contrast
from glimt.core.errors import DataError, UnknownNameError
from glimt.core.targets import targets
from glimt.core.types import Sample

MARGINS = (2, 3, 4, 5)  # px; around a target's box, the patches that the TDA loss draws from (paper 000, section 3)

PUBLISHED = {  # mean and standard deviation of frames in 0..255
    "SIRST": (101.06385, 34.61961),  # BasicIRSTD, LESPS; EDGSP and SCTransNet use it for SIRST3 too
    "NUAA-SIRST": (101.06385, 34.61961),
    "NUDT-SIRST": (107.80905, 33.02275),  # BasicIRSTD, LESPS
    "IRSTD-1K": (87.46619, 39.71953),  # BasicIRSTD, LESPS
    "SIRST3": (95.010, 41.511),  # LESPS
    "NUDT-SIRST-Sea": (43.62404, 18.91838),  # BasicIRSTD
    "SIRST4": (62.10432, 23.96998),  # BasicIRSTD
    "IRDST-real": (101.54053, 56.49856),  # BasicIRSTD
    "LimitIRSTD-2": (64.21671, 24.50886),  # BasicIRSTD, for the second track of the LimitIRSTD challenge
    "NUDT-MIRSDT": (105.4025, 26.6452),  # DTUM
    "IRDST": (106.8523, 56.9243),  # DTUM
}


@dataclass(frozen=True)
class Statistics:
    """Means over a dataset; grey values are of frames in [0, 1]."""

    mean: float = 0.0  # grey value that becomes 0
    std: float = 1.0  # grey range that becomes 1
    area: float | None = None  # mean pixels of a target; None where there is none
    contrast: float | None = None  # mean grey value of a target over that of its surroundings


def measure_statistics(samples: Iterable[Sample]) -> Statistics:
    """Measure a dataset in one pass; a target is a blob of label above 0.5.

    A target's contrast is its mean less that of its patch's background (paper 000, section 3), averaged over the
    paper's patches; negative where it is darker. Raises DataError for no frames.
    """
    means, stds, areas, contrasts = [], [], [np.zeros(0)], [np.zeros(0)]
    for sample in samples:
        means.append(sample.image.mean(dtype=np.float64))
        stds.append(sample.image.std(dtype=np.float64))
        found = measure_targets(sample)
        areas.append(found[0])
        contrasts.append(found[1])
    if not means:
        raise DataError("no frames to measure; the statistics of a dataset need at least one")
    return Statistics(float(np.mean(means)), float(np.mean(stds)), _mean(areas), _mean(contrasts))


def measure_targets(sample: Sample) -> tuple[np.ndarray, np.ndarray]:
    """Area and contrast of each target of a sample, in raster order."""
    if sample.label is None:
        return np.zeros(0), np.zeros(0)
    found = targets(sample.label > 0.5)
    count = len(found.areas)
    each = [contrast(clutter(sample.image, found.labels, count, margin)) for margin in MARGINS]
    return found.areas, np.mean(each, axis=0)


def _mean(parts: list[np.ndarray]) -> float | None:
    """The mean of what is a number."""
    values = np.concatenate(parts)
    values = values[np.isfinite(values)]
    return float(values.mean()) if len(values) else None


def published(name: str) -> Statistics:
    """The constants that published networks of a dataset were normalised by; areas and contrasts were not published."""
    if name not in PUBLISHED:
        known = ", ".join(PUBLISHED)
        raise UnknownNameError(f"no published statistics for {name!r}{hint(name, PUBLISHED)}; known: {known}")
    mean, std = PUBLISHED[name]
    return Statistics(mean / 255, std / 255)
