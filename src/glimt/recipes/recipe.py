"""A recipe is where the labels of a training run come from, and what becomes of them.

`start` makes the label of a sample before the first epoch; None leaves the sample out for now.
`refresh` runs after each epoch and may rewrite any label, add one, or drop one. The loop in
`glimt.training.fit` is the same for every recipe.
"""

from collections.abc import Callable, Iterable, MutableMapping, Sequence
from dataclasses import dataclass

from glimt.core.types import Sample, ScoreMap, SoftMask


@dataclass(frozen=True)
class Moment:
    """What a recipe may look at once an epoch is over."""

    losses: Sequence[float]  # mean training loss of every epoch so far
    samples: Iterable[Sample]  # every training sample, read as it is reached
    predict: Callable[[Sample], ScoreMap]
    labels: MutableMapping[str, SoftMask]

    @property
    def epoch(self) -> int:
        """How many epochs are over."""
        return len(self.losses)


def leave(moment: Moment) -> None:
    """Change no label."""


@dataclass(frozen=True)
class Recipe:
    """Two functions: the label to start from, and what each epoch does to the labels.

    `prior` is what a person had to give for it; every result is tagged with it.
    """

    prior: str  # "mask-trained", "point only", ...
    start: Callable[[Sample], SoftMask | None]
    refresh: Callable[[Moment], None] = leave
