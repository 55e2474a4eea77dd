"""A trained network as a labeler: each click gets the component that the network finds there (EDGSP, paper 004, BBM).

A network of the task `prompted` is shown the clicks; any other is asked about the frame alone. A click where nothing is
found gets no mask.
"""

from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from jaxtyping import Float

from glimt.core.box_matching import match_boxes
from glimt.core.clutter import clutter, contrast
from glimt.core.errors import OptionError
from glimt.core.types import Image, Instances, Points, Sample, ScoreMap
from glimt.data.augment.move import check_size
from glimt.inference.around import ask_around
from glimt.inference.places import digest_of, file_of, prior_of
from glimt.labelers.labeler import Drawing, clicks_of

if TYPE_CHECKING:
    from glimt.inference.model import Model


@dataclass(frozen=True)
class Learned:
    """`path` is a run, a checkpoint, or published weights, then of `network`; they are loaded when first asked.

    `threshold` is the score above which a pixel belongs to a target, the model's own when left out. With `around` the
    network sees the square of so many px around each click alone (centre cropping), and not the frame.
    """

    path: Path
    network: str | None = None
    threshold: float | None = None
    tta: bool = False
    tile: int | None = None
    around: int | None = None
    device: Literal["auto", "cpu", "cuda"] = "auto"

    def __post_init__(self) -> None:
        file_of(self.path)
        if self.threshold is not None and not 0 <= self.threshold < 1:
            raise OptionError(f"threshold is {self.threshold:g}; choose a score from 0 to below 1")
        if self.around is not None:
            check_size(around=self.around)

    def __call__(self, image: Image, points: Points) -> Instances:
        return self.draw(image, points).instances

    def draw(self, image: Image, points: Points) -> Drawing:
        """The components, and the mean score of each; 0 for a click without one."""
        clicks_of(points, image)
        if not len(points):
            return Drawing(np.zeros(image.shape, np.int32), np.zeros(0), np.zeros(0, np.int64))
        score, instances = self.find(Sample(self.path.name, image, points))
        dark = contrast(clutter(image, instances, len(points))) < 0
        return Drawing(instances, mean_scores(score, instances, len(points)), np.where(dark, -1, 1))

    def find(self, sample: Sample) -> tuple[ScoreMap, Instances]:
        """The scores of one frame, and the component of each of its clicks."""
        model = self.load()
        threshold = model.threshold if self.threshold is None else self.threshold
        ask = partial(self.ask, model)
        if self.around is not None:
            return ask_around(ask, sample, self.around, model.mean, threshold)
        score = ask(sample)
        return score, match_boxes(score > threshold, sample.points)

    def ask(self, model: "Model", sample: Sample) -> ScoreMap:
        """The score map of one frame and its clicks."""
        from glimt.inference.predict import Asking, predict

        return predict(model.network, model.task, sample, Asking(model.pad, self.tta, self.tile))

    def load(self) -> "Model":
        """The model, read once as long as its file stays the same."""
        file = file_of(self.path)
        return load_ready(file, self.network, self.device, file.stat().st_mtime_ns)

    @property
    def prior(self) -> str:
        """What a person had to give for the network, masks with the frames they were of: its own masks rest on that."""
        return prior_of(self.path)

    @property
    def digest(self) -> str:
        """A fingerprint of the weights."""
        return digest_of(self.path)


@lru_cache(maxsize=2)
def load_ready(file: Path, network: str | None, device: str, changed: int) -> "Model":
    """The model in the form in which it answers soonest; `changed` tells versions of the file apart."""
    import torch

    from glimt.inference.device import choose_device, ready
    from glimt.inference.model import load_model

    # a training that labels on its way draws the same random numbers as one that goes on
    with torch.random.fork_rng(devices=[]):
        return ready(load_model(file, network), choose_device(device))


def mean_scores(score: ScoreMap, instances: Instances, count: int) -> Float[np.ndarray, " n"]:
    """The mean score of each of the instances 1..count; 0 where one has no pixels."""
    sums = np.bincount(instances.ravel(), score.ravel(), minlength=count + 1)[1:]
    return sums / np.maximum(np.bincount(instances.ravel(), minlength=count + 1)[1:], 1)
