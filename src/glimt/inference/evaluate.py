"""Predict the frames of a dataset and score them in one go."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float

from glimt.core.types import Image, Record, Sample
from glimt.data.samples import read
from glimt.inference.model import Model
from glimt.inference.predict import Asking, predict
from glimt.inference.truth import clicked, pair_of, refuse_unknown
from glimt.metrics.evaluate import Evaluation, evaluate
from glimt.metrics.metric import Metric
from glimt.metrics.pair import Pair
from glimt.metrics.profile import Profile

Track = Callable[[Sequence[Record]], Iterable[Record]]
Click = Callable[[Sample], Sample]
Size = tuple[int, int] | None  # (rows, cols)


def evaluate_model(
    model: Model,
    records: Sequence[Record],
    profile: Profile,
    asking: Asking,
    more: Sequence[Metric] = (),
    track: Track = iter,
) -> Evaluation:
    """Score `model` on frames of which the truth is known; one pair is in memory at a time. `track` may show progress.

    Where the profile is of one size, the network is shown the frames at that size.

    Raises DataError where a frame has no mask, nor points under a profile that takes those.
    """
    refuse_unknown(records, profile)
    return evaluate(pairs_of(model, track(records), asking, profile.size), profile, more)


def pairs_of(
    model: Model, records: Iterable[Record], asking: Asking, size: Size = None, click: Click | None = None
) -> Iterator[Pair]:
    """What the model finds in each frame beside what is true, a mask or points.

    `click` puts the points on a frame; left out, a model that needs some is given the centroids of the true targets.
    """
    draw = partial(clicked, kind="centroid", seed=0) if model.task.needs_points else as_read
    for record in records:
        sample = (click or draw)(read(record))
        yield pair_of(record, sample, predict(model.network, model.task, at_size(sample, size), asking))


def as_read(sample: Sample) -> Sample:
    """The sample."""
    return sample


def at_size(sample: Sample, size: Size) -> Sample:
    """The sample as a protocol of one size shows it to a network, unlabelled; as it is where the protocol has none.

    Bilinear, with the triangle made wider where the frame shrinks, as Pillow does it in the loaders of such protocols.
    """
    if size is None:
        return sample
    points = (sample.points + 0.5) * np.array(size) / sample.image.shape - 0.5
    return sample.seen(partial(resized, size), points, None)


def resized(size: tuple[int, int], image: Image) -> Float[np.ndarray, "_ _"]:
    """A frame of `size`."""
    grey = torch.from_numpy(np.ascontiguousarray(image))[None, None]
    return F.interpolate(grey, size, mode="bilinear", antialias=True)[0, 0].clamp(0, 1).numpy()
