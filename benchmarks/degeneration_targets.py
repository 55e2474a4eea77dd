"""The targets that the study draws: Gaussians of a chosen peak, size and shape.

The light falls off as a Gaussian and reaches `EDGE` of its peak at the border of the mask, `radius` pixels from the
middle. It is added to the background, and what exceeds white is clipped as an 8-bit camera does.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from glimt.core.types import Image
from glimt.data.synthetic.targets import EDGE

PATCH = 96  # px; of the background around a drawn target

Field = Float[np.ndarray, "h w"]


@dataclass(frozen=True)
class Target:
    """A target to draw, the place it is put on, and the points its label has."""

    peak: float = 100.0  # grey levels, of 255
    radius: float = 7.0  # px; of the disk with the area of the mask
    shape: str = "round"  # a key of DISTANCES
    place: str = "any"  # or flat, calm, cluttered
    offset: float = 0.0  # px from the middle to the point
    points: int = 1  # the first in the middle, the others on pixels of the mask drawn evenly
    clipped: bool = True


def draw_light(target: Target, rng: np.random.Generator) -> Image:
    """The light of a target in the middle of a patch, 1 at its peak; an oval or a square lies in any direction."""
    distance = DISTANCES[target.shape](*turned(rng), target.radius)
    return (EDGE ** (distance**2)).astype(np.float32)


def turned(rng: np.random.Generator) -> tuple[Field, Field]:
    """Pixels forward and aside of the patch's middle along an axis of random direction."""
    down, along = np.indices((PATCH, PATCH)) - PATCH // 2
    angle = rng.uniform(0, np.pi)
    return along * np.cos(angle) + down * np.sin(angle), down * np.cos(angle) - along * np.sin(angle)


def oval(forward: Field, aside: Field, radius: float, ratio: float = 1.0) -> Field:
    """Distance from the middle of an ellipse, `ratio` times as long as wide, in units of its border's."""
    return np.hypot(forward / np.sqrt(ratio), aside * np.sqrt(ratio)) / radius


def square(forward: Field, aside: Field, radius: float) -> Field:
    """The same for a square with the area of the disk."""
    return np.maximum(abs(forward), abs(aside)) / (radius * np.sqrt(np.pi) / 2)


DISTANCES = {
    "round": oval,
    "2:1": lambda forward, aside, radius: oval(forward, aside, radius, 2.0),
    "4:1": lambda forward, aside, radius: oval(forward, aside, radius, 4.0),
    "square": square,
}
