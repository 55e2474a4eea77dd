"""Ask a network about samples: as a whole or in tiles, once or in eight views."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import groupby, islice

import numpy as np
import torch
from torch import nn

from glimt.core.catalog import hint
from glimt.core.errors import DataError, OptionError
from glimt.core.types import Sample, ScoreMap
from glimt.inference.average import averaged
from glimt.inference.padding import PADDINGS, pad_frame
from glimt.inference.tiles import check_step, tiled
from glimt.networks.maps import Maps
from glimt.networks.padding import cut
from glimt.tasks.task import Task

LARGEST = 1024  # px; a frame with a longer side is asked in tiles
TOGETHER = 1 << 17  # px shown at once: two frames of 256 x 256; small ones gain most, large ones lose a CPU's cache


@dataclass(frozen=True)
class Asking:
    """How a frame is shown to a network.

    `tile` is the side of the tiles in px; None takes frames of up to 1024 px whole, and 0 any frame.
    """

    pad: str = "minimal"
    tta: bool = False
    tile: int | None = None
    overlap: int = 128

    def __post_init__(self) -> None:
        if self.pad not in PADDINGS:
            raise OptionError(f"no padding {self.pad!r}{hint(self.pad, PADDINGS)}; known: {', '.join(PADDINGS)}")
        if self.tile:
            check_step(self.tile, self.overlap)


def predict(network: nn.Module, task: Task, sample: Sample, asking: Asking = Asking()) -> ScoreMap:
    """The score map of one sample, (h, w) in [0, 1], on the device where the network is.

    Raises DataError where the network answers with what is no number.
    """
    ask = partial(ask_once, network, task, asking.pad)
    size = tile_of(sample.image.shape, asking.tile)
    if size:
        ask = partial(tiled, ask, size=size, overlap=asking.overlap)
    with evaluating(network), torch.inference_mode():
        score = averaged(ask, sample) if asking.tta else ask(sample)
    return finished(task, score, sample)


def predict_each(
    network: nn.Module, task: Task, samples: Iterable[Sample], asking: Asking = Asking()
) -> Iterator[ScoreMap]:
    """The score map of each sample in turn; those of one size that follow one another are shown together.

    It reads ahead by as many samples as are shown at once. Raises DataError as `predict` does.
    """
    for (height, width), run in groupby(samples, key=lambda sample: sample.image.shape):
        if asking.tta or tile_of((height, width), asking.tile):
            yield from (predict(network, task, sample, asking) for sample in run)
            continue
        while some := list(islice(run, max(1, TOGETHER // (height * width)))):
            with evaluating(network), torch.inference_mode():
                scores = ask_together(network, task, asking.pad, some)
            yield from (finished(task, score, sample) for score, sample in zip(scores, some, strict=True))


def finished(task: Task, score: ScoreMap, sample: Sample) -> ScoreMap:
    """What a task makes of the whole frame's score map. Raises DataError for one that holds what is no number."""
    if not np.isfinite(score).all():
        raise DataError(f"{sample.id}: the network answers with what is no number; its weights are damaged or diverged")
    return task.finish(score, sample)


def tile_of(shape: tuple[int, ...], tile: int | None) -> int:
    """The side of the tiles; 0 for a frame that is asked whole."""
    wanted = LARGEST if tile is None else tile
    return wanted if wanted and max(shape) > wanted else 0


def ask_once(network: nn.Module, task: Task, pad: str, sample: Sample) -> ScoreMap:
    """The score map of one forward pass."""
    return ask_together(network, task, pad, [sample])[0]


def ask_together(network: nn.Module, task: Task, pad: str, samples: Sequence[Sample]) -> list[ScoreMap]:
    """The score maps of samples of one size, of one forward pass."""
    maps = maps_of(network, task, pad, samples)
    return [task.decode(tuple(one[i : i + 1] for one in maps), sample) for i, sample in enumerate(samples)]


def maps_of(network: nn.Module, task: Task, pad: str, samples: Sequence[Sample]) -> Maps:
    """What the network answers to samples of one size, cut to their frames."""
    device = next(network.parameters()).device
    inputs = torch.stack([task.inputs(sample) for sample in samples])
    padded = pad_frame(inputs, pad).to(device)
    return tuple(cut(one, inputs, padded).cpu() for one in network(padded))


@contextmanager
def evaluating(network: nn.Module) -> Iterator[None]:
    """Put a network into evaluation mode, and back as it was."""
    if not network.training:  # to walk through all modules for nothing takes a tenth of a small frame's time
        yield
        return
    network.eval()
    try:
        yield
    finally:
        network.train()
