"""One training of the study: a network learns points, and its answer is compared with the true masks on the way."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import torch
from degeneration_cases import SIDE, Case
from torch import Tensor, nn
from torch.optim import Optimizer

from glimt.core.catalog import build
from glimt.core.types import Mask, Sample, ScoreMap
from glimt.data.augment.crop import Crop
from glimt.data.augment.flip import Flip, Transpose
from glimt.data.augment.step import Pipeline, Step
from glimt.data.statistics import published
from glimt.networks import NETWORKS
from glimt.networks.blocks import conv_bn_relu
from glimt.networks.unet import WIDTHS, Unet, double
from glimt.tasks.segment import segment
from glimt.training.learner import set_momentum
from glimt.training.optimizers import Adam
from glimt.training.prior import set_prior

BATCH = 16  # crops, as paper 002
TASK = segment("focal_cornernet", published("SIRST"))
CROP = Crop(SIDE, positive=1.0, fill=published("SIRST").mean)  # a point in each
VIEWS = {True: Pipeline((CROP, Flip(), Transpose())), False: Pipeline((CROP,))}  # flipped or not


def narrow_unet(width: int) -> Unet:
    """The U-Net with `width` channels at full resolution, twice as many at each level below."""
    widths = [width * each // WIDTHS[0] for each in WIDTHS]
    with torch.device("meta"):  # the wide one is never filled
        network = Unet()
    pairs = list(zip(widths[:0:-1], widths[-2::-1], strict=True))
    network.down = nn.ModuleList(double(i, o) for i, o in zip([1, *widths], widths, strict=False))
    network.enlarge = nn.ModuleList(conv_bn_relu(i, o) for i, o in pairs)
    network.up = nn.ModuleList(double(2 * o, o) for _, o in pairs)
    network.head = nn.Conv2d(width, 1, 1)
    return network


def of_last_batch(width: int) -> Unet:
    """The same, whose batch normalisations use the last crop's averages, not running ones that lag behind."""
    network = narrow_unet(width)
    set_momentum(network, 1.0)
    return network


class Learner(NamedTuple):
    """A network and its learning rate: that of paper 002 for the U-Net of 64 channels, more for fewer channels."""

    make: Callable[[], nn.Module]
    rate: float


LEARNERS = {
    "narrow": Learner(partial(narrow_unet, 8), 2e-3),
    "narrow, no running averages": Learner(partial(of_last_batch, 8), 2e-3),
    "tiny": Learner(partial(build, NETWORKS, "tiny", {}), 2e-3),
    "acm": Learner(partial(build, NETWORKS, "acm", {}), 2e-3),
    "unet": Learner(partial(build, NETWORKS, "unet", {}), 5e-4),
}


class Seen(NamedTuple):
    """How an answer looks beside the true mask."""

    iou: float  # of the pixels above half of the highest score
    peak: float  # the highest score
    pixels: int  # above half of it


def judge(scores: ScoreMap, mask: Mask) -> Seen:
    """Compare the pixels that score above half of the maximum with the mask (paper 002, section 3)."""
    peak = scores.max()
    found = scores > peak / 2
    return Seen(float((found & mask).sum() / (found | mask).sum()), float(peak), int(found.sum()))


def follow(
    cases: Sequence[Case], learner: str, epochs: int, every: int, seed: int, flipped: bool = True
) -> list[dict[str, list[Any]]]:
    """Train one network on all cases; for each, what was seen before the training and after every `every` epochs.

    An epoch shows one crop of each case, in batches of at most `BATCH`.
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    network = LEARNERS[learner].make()
    set_prior(network, stacked([view(case) for case in cases[:BATCH]]))
    optimizer = Adam(LEARNERS[learner].rate)(network.parameters())
    seen = [look(network, cases)]
    for epoch in range(1, epochs + 1):
        learn(network, optimizer, [case.sample for case in cases], VIEWS[flipped], rng)
        if epoch % every == 0:
            seen.append(look(network, cases))
    return [{name: [getattr(one[i], name) for one in seen] for name in Seen._fields} for i in range(len(cases))]


def learn(
    network: nn.Module, optimizer: Optimizer, samples: Sequence[Sample], change: Step, rng: np.random.Generator
) -> None:
    """One epoch: each sample once, cropped and turned by `change`."""
    network.train()
    order = rng.permutation(len(samples))
    for start in range(0, len(order), BATCH):
        views = [change(samples[i], rng) for i in order[start : start + BATCH]]
        target = torch.stack([TASK.target(one) for one in views])
        loss = TASK.loss(network(stacked(views)), target, 1.0)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


@torch.inference_mode()
def look(network: nn.Module, cases: Sequence[Case]) -> list[Seen]:
    """Judge the answer in the window of each case."""
    network.eval()
    found = (TASK.decode(network(stacked([view(case)])), case.sample) for case in cases)
    return [judge(scores, case.mask[case.window]) for scores, case in zip(found, cases, strict=True)]


def view(case: Case) -> Sample:
    """The window that is judged, as a sample of its own."""
    return Sample(case.sample.id, case.sample.image[case.window], case.sample.points)


def stacked(samples: Sequence[Sample]) -> Tensor:
    """What the network is shown."""
    return torch.stack([TASK.inputs(one) for one in samples])
