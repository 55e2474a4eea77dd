"""Clicks put on a sample: those somebody made, or some drawn in its true targets."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from zlib import crc32

import numpy as np

from glimt.core.errors import DataError
from glimt.core.types import Points, Sample
from glimt.data.points import is_kind, kinds, points_from_mask, points_inside


def kind_or_file(wanted: Path | str, option: str) -> str | Path:
    """A kind of click, or a file that holds some. Raises DataError, naming the option, for what is neither."""
    if isinstance(wanted, str) and is_kind(wanted):
        return wanted
    path = Path(wanted)
    if not path.exists():
        raise DataError(f"{option} is {wanted!s}: neither a file nor a kind of click ({kinds()})")
    return path


def drawn_on(sample: Sample, kind: str, seed: int) -> Sample:
    """The sample with a click of this kind in each true target; the same one whatever the order of the frames."""
    assert sample.label is not None
    rng = np.random.default_rng([seed, crc32(sample.id.encode())])
    return replace(sample, points=points_from_mask(sample.label > 0.5, kind, rng))


def given_on(sample: Sample, clicks: Mapping[str, Points]) -> Sample:
    """The sample with the clicks on it and no other. Raises DataError for one outside the frame."""
    points = clicks.get(sample.id, np.zeros((0, 2)))
    points_inside(points, sample.image.shape, sample.id)
    return replace(sample, points=points)
