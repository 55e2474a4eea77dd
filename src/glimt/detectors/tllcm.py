"""TLLCM, the local contrast of a window of three layers: a target is brighter than all eight cells around it.

The core layer is a small Gaussian, G. Around it a reserve layer is left out, for the rest of the target. Then come
eight cells; m is the mean of the K largest pixels of a cell. The answer is the least G^2 / m - G of the eight, and of
several cell sides the largest. Bright targets only. After Han et al., IEEE GRSL 2020, by the constants of a published
script (a 3 x 3 Gaussian, cells of 5 to 11 px, K = 9); the border, the darkest cell and the score are the house's.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float

from glimt.core.errors import OptionError
from glimt.core.types import Image, ScoreMap
from glimt.detectors.detector import check_side, check_sigmas, scores_of

CORE = np.array([1, 2, 1], dtype=np.float32) / 4  # of a 3 x 3 Gaussian
DARKEST = 1 / 255  # a cell counts as one grey level at least: nothing is infinitely brighter than black
AROUND = [(row, col) for row in (-1, 0, 1) for col in (-1, 0, 1) if row or col]

Values = Float[np.ndarray, "_ _"]


@dataclass(frozen=True)
class Tllcm:
    """`sides` of the cells in pixels, smallest first; `largest` is K."""

    sides: tuple[int, ...] = (5, 7, 9, 11)
    largest: int = 9
    sigmas: float = 10.0

    def __post_init__(self) -> None:
        if not self.sides or list(self.sides) != sorted(set(self.sides)):
            raise OptionError(f"sides is {list(self.sides)}; give odd numbers, smallest first, e.g. [5, 7, 9, 11]")
        for side in self.sides:
            check_side(side)
        check_sigmas(self.sigmas)
        if not 1 <= self.largest <= self.sides[0] ** 2:
            raise OptionError(f"largest is {self.largest}; choose 1 to {self.sides[0] ** 2}, the pixels of a cell")

    def __call__(self, image: Image) -> ScoreMap:
        core = cv2.sepFilter2D(image, -1, CORE, CORE, borderType=cv2.BORDER_REPLICATE)
        answer = np.zeros(image.shape, dtype=np.float32)
        for side, means in zip(self.sides, self.means(image), strict=True):
            brightest = np.maximum(around(means, side, self.sides[-1], image.shape), DARKEST)
            np.maximum(answer, core * (core / brightest - 1), out=answer)
        return scores_of(answer, self.sigmas)

    def means(self, image: Image) -> Iterator[Values]:
        """For each side: the mean of the K largest pixels of the cell around each pixel, and `sides[-1]` px beyond.

        The largest of a cell are those of the next smaller cell and of the ring between them, so each pixel of the
        largest cell is looked at once. The edge of the frame is repeated outwards.
        """
        far, reach = self.sides[-1], self.sides[-1] // 2
        wide = np.pad(image, far + reach, mode="edge")
        rows, cols = image.shape[0] + 2 * far, image.shape[1] + 2 * far
        best = np.full((self.largest, rows, cols), -np.inf, dtype=np.float32)
        inner = -1
        for side in self.sides:
            for row, col in ring(inner, side // 2):
                insert(best, wide[reach + row : reach + row + rows, reach + col : reach + col + cols])
            inner = side // 2
            yield best.mean(axis=0)


def ring(inner: int, outer: int) -> Iterator[tuple[int, int]]:
    """The offsets within `outer` rows and columns, but not within `inner`; -1 leaves nothing out."""
    span = range(-outer, outer + 1)
    return ((row, col) for row in span for col in span if max(abs(row), abs(col)) > inner)


def insert(best: Float[np.ndarray, "k h w"], values: Values) -> None:
    """Put the values into the stacks of largest values, which stay sorted; what is smallest falls out."""
    for level in best:
        values, smaller = np.maximum(level, values), np.minimum(level, values)
        level[:] = values
        values = smaller


def around(means: Values, side: int, far: int, shape: tuple[int, ...]) -> Values:
    """The largest mean among the eight cells of that side around each pixel of the frame."""
    rows, cols = shape
    cells = (
        means[far + side * row : far + side * row + rows, far + side * col : far + side * col + cols]
        for row, col in AROUND
    )
    return np.max(np.stack(list(cells)), axis=0)
