"""A recipe is where the labels of a training run come from, and what becomes of them.

`start` makes the label of a sample before the first epoch; None leaves the sample out for now.
`refresh` runs after each epoch and may rewrite any label, add one, or drop one. The loop in
`glimt.training.fit` is the same for every recipe.
"""

from collections.abc import Callable, Iterable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, tee
from typing import Any

from glimt.core.types import Sample, ScoreMap, SoftMask

Labelling = Callable[[Sample], SoftMask | None]


@dataclass(frozen=True)
class Moment:
    """What a recipe may look at once an epoch is over."""

    losses: Sequence[float]  # mean training loss of every epoch so far
    samples: Iterable[Sample]  # every training sample, read as it is reached, under its true mask where it has one
    predict: Callable[[Iterable[Sample]], Iterator[ScoreMap]]  # in turn, reading some samples ahead
    labels: MutableMapping[str, SoftMask]
    notes: dict[str, Any] = field(default_factory=dict)  # what the recipe wants said in the log

    @property
    def epoch(self) -> int:
        """How many epochs are over."""
        return len(self.losses)

    def answers(
        self, shown: Callable[[Sample, SoftMask], Sequence[Sample]]
    ) -> Iterator[tuple[Sample, SoftMask, list[ScoreMap]]]:
        """Each sample that has a label, the label, and what the network answers to all that `shown` makes of them."""
        labelled = ((sample, self.labels.get(sample.id)) for sample in self.samples)
        asked, ahead = tee((sample, label, shown(sample, label)) for sample, label in labelled if label is not None)
        scores = self.predict(one for *_, parts in ahead for one in parts)
        for sample, label, parts in asked:
            yield sample, label, list(islice(scores, len(parts)))


def leave(moment: Moment) -> None:
    """Change no label."""


@dataclass(frozen=True)
class Recipe:
    """Two functions: the label to start from, and what each epoch does to the labels.

    `prior` is what a person had to give for it; every result is tagged with it. `check` labels the validation frames,
    where `start` would not do. After each epoch that `restarts` names the network is forgotten and learns anew.
    """

    prior: str  # "mask-trained", "point only", ...
    start: Labelling
    refresh: Callable[[Moment], None] = leave
    check: Labelling | None = None
    restarts: tuple[int, ...] = ()
