"""Predict the frames of a dataset and score them in one go."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from glimt.core.errors import DataError
from glimt.core.types import Record
from glimt.data.samples import read
from glimt.inference.model import Model
from glimt.inference.predict import Asking, predict
from glimt.metrics.evaluate import Evaluation, evaluate
from glimt.metrics.metric import Metric
from glimt.metrics.pair import Pair
from glimt.metrics.profile import Profile

Track = Callable[[Sequence[Record]], Iterable[Record]]


def evaluate_model(
    model: Model,
    records: Sequence[Record],
    profile: Profile,
    asking: Asking,
    more: Sequence[Metric] = (),
    track: Track = iter,
) -> Evaluation:
    """Score `model` on frames with true masks; one pair is in memory at a time. `track` may show progress.

    Raises DataError where a frame has no mask.
    """
    refuse_unmasked(records)
    return evaluate(pairs_of(model, track(records), asking), profile, more)


def pairs_of(model: Model, records: Iterable[Record], asking: Asking) -> Iterator[Pair]:
    """What the model finds in each frame beside what is true; every frame must have a mask."""
    for record in records:
        sample = read(record)
        assert sample.label is not None
        found = predict(model.network, model.task, sample, asking)
        yield Pair(found, sample.label > 0.5, image=sample.image, id=record.id)


def refuse_unmasked(records: Sequence[Record]) -> None:
    """Raise DataError where frames have no true mask, before anything is predicted."""
    unmasked = [record.id for record in records if record.mask is None and not record.regions and not record.empty]
    if unmasked:
        raise DataError(
            f"{len(unmasked)} of {len(records)} frames have no true mask to score against, the first is "
            f"{unmasked[0]!r}; predict them with `glimt predict` instead"
        )
