"""HMG: a labeler's masks teach a network; its answers mend the masks, which teach a second (paper 003, section 3)."""

from collections import defaultdict
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from glimt.core.catalog import build
from glimt.core.false_alarms import filter_false_alarms
from glimt.core.types import Mask, Points
from glimt.labelers.make import make_labeler, prior_of
from glimt.metrics import PROFILES
from glimt.metrics.evaluate import evaluate, merge
from glimt.metrics.pair import Pair
from glimt.recipes.pseudo import drawn_by
from glimt.recipes.recipe import Moment, Recipe

PROFILE = "basicirstd"  # of the table of both stages
SHOWN = ("iou", "pd", "fa")


def hmg(stage: int = 250, labeler: str = "pmg", options: dict[str, Any] | None = None, radius: float = 30.0) -> Recipe:
    """Masks drawn by `labeler`; after `stage` epochs the network's answers are added to them, and another one begins.

    `radius` is how far, in rows and columns together, an answer may lie from every point before it is false (r).
    The paper trains 250 and 1250 epochs.
    """
    if stage < 1:
        raise ValueError(f"stage must be 1 epoch or more, got {stage}")
    drawer = make_labeler(labeler, options)
    return Recipe(prior_of(drawer), start=drawn_by(drawer), refresh=partial(refresh, stage, radius), restarts=(stage,))


class Masks(NamedTuple):
    """The masks of one frame on the way (Table 4)."""

    initial: Mask
    prediction: Mask
    filtered: Mask  # FAF: the prediction without what lies far from every point
    hybrid: Mask  # MDR: with the initial mask again


def hybrid(initial: Mask, prediction: Mask, points: Points, radius: float = 30.0) -> Masks:
    """Filter false alarms (FAF), then retrieve what was missed (MDR): the union with the initial mask."""
    filtered = filter_false_alarms(prediction, points, radius)
    return Masks(initial, prediction, filtered, initial | filtered)


def refresh(stage: int, radius: float, moment: Moment) -> None:
    """At the end of the first stage make every label the hybrid mask; note how good the masks are."""
    if moment.epoch != stage:
        return
    profile, found = build(PROFILES, PROFILE, {}, "profile"), defaultdict(list)
    for sample, label, (score,) in moment.answers(lambda sample, _: [sample]):
        masks = hybrid(label > 0.5, score > 0.5, sample.points, radius)
        moment.labels[sample.id] = masks.hybrid.astype(np.float32)
        if sample.label is not None:
            for name, mask in masks._asdict().items():
                found[name].append(evaluate([Pair(mask, sample.label > 0.5, id=sample.id)], profile))
    if found:
        values = {name: merge(some, profile).values for name, some in found.items()}
        moment.notes["masks"] = {name: {key: float(one[key]) for key in SHOWN} for name, one in values.items()}
