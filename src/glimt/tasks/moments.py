"""What a network is shown of the time around a frame: the frames of a span as channels, normalised."""

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from glimt.core.types import Image, Sample
from glimt.data.sequences import Span


def moments(mean: float, std: float, span: Span, sample: Sample) -> Float[Tensor, "t h w"]:
    """The frames of `span` in the order of time, normalised."""
    stack = (np.stack(in_time(sample, span)) - np.float32(mean)) / np.float32(std)
    return torch.from_numpy(stack.astype(np.float32, copy=False))


def in_time(sample: Sample, span: Span) -> tuple[Image, ...]:
    """The frames of `span` in the order of time; of a still, its own frame as often."""
    past, future = span
    around = sample.frames or (sample.image,) * (past + future)
    assert len(around) == past + future, f"{sample.id} has {len(around)} frames around it, not {past} and {future}"
    return (*around[:past], sample.image, *around[past:])
