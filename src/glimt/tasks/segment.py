"""Segment: an image in, a map of target probability out. The plain task."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from glimt.core.errors import OptionError
from glimt.core.types import Sample, ScoreMap
from glimt.data.sequences import Span
from glimt.data.statistics import Statistics
from glimt.losses.loss import needs_frame
from glimt.networks.maps import Maps
from glimt.tasks.moments import moments
from glimt.tasks.task import Task
from glimt.tasks.terms import Terms, terms

SIDES = ("mean", "sum")  # how the losses of the main and the side maps become one


def segment(  # noqa: PLR0913 - one option a thing that published trainings differ in
    loss: str | dict[str, dict[str, Any]] = "soft_iou",
    statistics: Statistics | None = None,
    channels: int = 1,
    sides: str = "mean",
    warm: float = 0.0,
    warm_map: int = 0,
    past: int = 0,
    future: int = 0,
) -> Task:
    """Learn the label as a mask.

    `channels` shows the grey frame that many times; `past` and `future` show so many frames before and behind it, each
    as a channel. Until `warm` of the training is over only the map numbered
    `warm_map` is learnt (MSHNet: 6 of 400 epochs, its finest side map, number 1).
    """
    if sides not in SIDES:
        raise OptionError(f"segment: sides must be one of {SIDES}, got {sides!r}")
    known = statistics or Statistics()
    chosen = terms(loss, known)
    inputs = partial(frame, known.mean, known.std, channels)
    if span := check_span(past, future, channels):
        inputs, channels = partial(moments, known.mean, known.std, span), past + 1 + future
    target = label_and_frame if any(map(needs_frame, chosen)) else label
    deep = Deep(chosen, sides, warm, warm_map)
    return Task(inputs, target, deep, probability, channels=channels, span=(past, future))


def check_span(past: int, future: int, channels: int) -> Span | None:
    """The frames shown, None for the present one alone. Raises OptionError for what cannot be shown."""
    if past < 0 or future < 0 or (channels > 1 and past + future):
        raise OptionError(
            f"segment: past={past}, future={future} and channels={channels} do not go together; "
            "give numbers of frames, 0 or more, and leave channels out with them"
        )
    return (past, future) if past + future else None


def frame(mean: float, std: float, channels: int, sample: Sample) -> Float[Tensor, "c h w"]:
    """The normalised frame, once or several times."""
    grey = torch.from_numpy(np.ascontiguousarray((sample.image - mean) / std, dtype=np.float32))
    return grey.expand(channels, -1, -1)


def label(sample: Sample) -> Float[Tensor, "1 h w"]:
    """The soft mask to learn."""
    assert sample.label is not None
    return torch.from_numpy(np.ascontiguousarray(sample.label, dtype=np.float32))[None]


def label_and_frame(sample: Sample) -> Float[Tensor, "2 h w"]:
    """The soft mask to learn, and the frame as it is, for a loss that looks at its contrast."""
    return torch.cat([label(sample), frame(0.0, 1.0, 1, sample)])


@dataclass(frozen=True)
class Deep:
    """Deep supervision: every map is scored against the label at its own size, and the losses become one."""

    terms: Terms
    sides: str
    warm: float
    warm_map: int

    def __call__(self, maps: Maps, target: Tensor, progress: float) -> Tensor:
        seen = (maps[self.warm_map],) if progress < self.warm else maps
        targets = [at_size(target, one) for one in seen]
        losses = torch.stack([self.terms.each(one, true, progress) for one, true in zip(seen, targets, strict=True)])
        deep = losses.mean() if self.sides == "mean" else losses.sum()
        return deep + self.terms.once(seen[0], targets[0], progress)


def at_size(target: Tensor, like: Tensor) -> Tensor:
    """The target as large as a map: the label by its largest values, which loses no target; the frame by its means."""
    size = (like.shape[-2], like.shape[-1])
    if target.shape[-2:] == size:
        return target
    pooled = [F.adaptive_max_pool2d(target[:, :1], size), F.adaptive_avg_pool2d(target[:, 1:], size)]
    return torch.cat(pooled[: target.shape[1]], dim=1)


def probability(maps: Maps, sample: Sample) -> ScoreMap:
    """The sigmoid of the main map."""
    return maps[0][0, 0].float().sigmoid().numpy()
