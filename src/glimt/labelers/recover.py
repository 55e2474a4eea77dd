"""Masks of targets whose centre and radius are known: discs, or PAMG grown there, guided by the radius (III-C2).

Paper 001; the support radius R_s that PAMG is given is a multiple of the target's radius.
"""

from typing import Literal, TypeAlias

import numpy as np

from glimt.core.spots import Spots, discs
from glimt.core.types import Image, Instances
from glimt.labelers.pamg import Pamg

SUPPORT = 5.0  # k: the support radius R_s of a target of radius r is k r

Masks: TypeAlias = Literal["disc", "pamg"]


def drawn(image: Image, spots: Spots, masks: Masks = "disc", support: float = SUPPORT) -> Instances:
    """The mask of each spot; where two meet, the stronger one keeps the pixel."""
    if masks == "disc":
        return discs(spots, image.shape)
    if not len(spots.scores):
        return np.zeros(image.shape, np.int32)
    return Pamg().guided(image, spots.centres, support * spots.radii).instances
