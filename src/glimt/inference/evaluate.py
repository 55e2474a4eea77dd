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
    return evaluate(pairs_of(model, track(records), asking), profile, more)


def pairs_of(model: Model, records: Iterable[Record], asking: Asking) -> Iterator[Pair]:
    """What the model finds in each frame beside what is true."""
    for record in records:
        sample = read(record)
        if sample.label is None:
            raise DataError(f"{record.id} has no true mask to score against; predict it with `glimt predict` instead")
        found = predict(model.network, model.task, sample, asking)
        yield Pair(found, sample.label > 0.5, image=sample.image, id=record.id)
