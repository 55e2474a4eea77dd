"""From a config to what the loop needs: network, task, recipe, frames, first labels, statistics."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from glimt.core.catalog import build
from glimt.core.errors import DataError, OptionError, TrainingError
from glimt.core.files import write_text
from glimt.core.types import Sample
from glimt.data.augment import AUGMENTATIONS
from glimt.data.labels import LabelFolder
from glimt.data.statistics import Statistics, measure_statistics, published
from glimt.inference.checkpoint import Card
from glimt.inference.places import prior_of, with_frames
from glimt.metrics import PROFILES
from glimt.metrics.evaluate import evaluate
from glimt.metrics.pair import Pair
from glimt.metrics.profile import Profile
from glimt.recipes import RECIPES
from glimt.recipes.recipe import Labelling, Recipe
from glimt.tasks import TASKS
from glimt.tasks.network import network_for
from glimt.tasks.task import Task
from glimt.training import OPTIMIZERS, SCHEDULES
from glimt.training.config import TrainConfig
from glimt.training.examples import Augment
from glimt.training.frames import Frames, Splits
from glimt.training.run import Run, read_facts
from glimt.training.schedules import Schedule
from glimt.training.weights import begin_with

SOME = Statistics(area=1.0, contrast=1.0)  # to build what is thrown away, or does not depend on them


@dataclass(frozen=True)
class Plan:
    """Everything a training is made of."""

    config: TrainConfig
    network: nn.Module
    task: Task
    recipe: Recipe
    splits: Splits
    augment: Augment
    schedule: Schedule
    profile: Profile
    card: Card


def check_config(config: TrainConfig) -> None:
    """Build every part once, to throw away, so that a mistake is said before anything is written."""
    with torch.device("meta"):
        make_network(config)
    if config.weights is not None:
        first_network(config)
    build(AUGMENTATIONS, config.data.augment.name, augment_options(config, SOME), "augmentation")
    build(RECIPES, config.recipe.name, config.recipe.options, "recipe")
    build(OPTIMIZERS, config.optimizer.name, config.optimizer.options, "optimizer")
    build(SCHEDULES, config.schedule.name, config.schedule.options, "schedule")
    normalised(config, SOME)
    blank = np.zeros((1, 1), dtype=bool)
    known = evaluate([Pair(blank, blank)], make_profile(config)).values
    if config.validation.by not in known:
        raise OptionError(f"validation.by is {config.validation.by!r}; its profile has {', '.join(known)}")


def make_profile(config: TrainConfig) -> Profile:
    """The protocol that a run is scored by."""
    return build(PROFILES, config.validation.profile, {}, "profile")


def make_network(config: TrainConfig) -> nn.Module:
    """A new network as the task wants it, which does not depend on the statistics."""
    return network_for(make_task(config, SOME), config.network.name, config.network.options)


def first_network(config: TrainConfig) -> nn.Module:
    """The network that a training, or a stage of it, begins with."""
    network = make_network(config)
    if config.weights is not None:
        begin_with(network, config.weights)
    return network


def make_task(config: TrainConfig, statistics: Statistics) -> Task:
    """The task of a config."""
    return build(TASKS, config.task.name, config.task.options | {"statistics": asdict(statistics)}, "task")


def make_plan(config: TrainConfig, splits: Splits, run: Run) -> Plan:
    """Build all parts; each frame without a label gets its first one, and the statistics are measured once."""
    recipe: Recipe = build(RECIPES, config.recipe.name, config.recipe.options, "recipe")
    network = first_network(config)
    if read_facts(run) is None:  # once begun, a frame without a label is one that the recipe keeps out
        label_all(splits.train, recipe.start, run.labels)
    if splits.val is not None:
        label_all(splits.val, recipe.check or recipe.start, run.val_labels)
    statistics = known_statistics(config, splits.train, run)
    options = config.task.options | {"statistics": asdict(statistics)}
    task = make_task(config, statistics)
    augment = build(AUGMENTATIONS, config.data.augment.name, augment_options(config, statistics), "augmentation")
    schedule = build(SCHEDULES, config.schedule.name, config.schedule.options, "schedule")
    card = make_card(config, options, recipe)
    return Plan(config, network, task, recipe, splits, augment, schedule, make_profile(config), card)


def label_all(frames: Iterable[Sample], draw: Labelling, labels: LabelFolder) -> None:
    """Give each frame its first label, where it has none yet."""
    for sample in frames:
        if sample.id not in labels and (label := draw(sample)) is not None:
            labels[sample.id] = label


def known_statistics(config: TrainConfig, frames: Frames, run: Run) -> Statistics:
    """The statistics that the run began with; measured under its first labels when it begins."""
    facts = read_facts(run)
    if facts is not None:
        refuse_changed(facts["train"], frames)
        return Statistics(**facts["statistics"])
    labelled = [sample.with_label(run.labels[sample.id]) for sample in frames if sample.id in run.labels]
    refuse_empty(labelled, len(frames))
    statistics = normalised(config, measure_statistics(labelled))
    ids = {"train": [sample.id for sample in labelled], "val": sorted(run.val_labels)}
    write_text(run.facts, json.dumps({"statistics": asdict(statistics)} | ids, indent=1) + "\n")
    return statistics


def refuse_changed(begun: list[str], frames: Frames) -> None:
    """Raise DataError where frames that a run began with are gone: their labels are of another dataset."""
    known = {record.id for record in frames.records}
    gone = [id for id in begun if id not in known]
    if gone:
        raise DataError(
            f"{len(gone)} of the {len(begun)} frames that this run began with are not in the dataset any more, "
            f"the first is {gone[0]!r}; give it back, or begin anew with --overwrite"
        )


def refuse_empty(labelled: list[Sample], count: int) -> None:
    """Raise TrainingError where nothing can be learnt."""
    if not labelled:
        remedy = "give masks for recipe=full, or clicks in data.points for recipe=pseudo"
        raise TrainingError(f"none of the {count} training frames has a label; {remedy}")
    if not any((sample.label > 0.5).any() for sample in labelled if sample.label is not None):
        raise TrainingError(f"the labels of all {len(labelled)} training frames are empty: there is no target to learn")


def normalised(config: TrainConfig, measured: Statistics) -> Statistics:
    """The statistics with the grey values that the config asks to normalise by."""
    wanted = config.data.normalise
    if wanted == "measured":
        return measured
    grey = published(wanted) if isinstance(wanted, str) else wanted
    return Statistics(grey.mean, grey.std, measured.area, measured.contrast)


def augment_options(config: TrainConfig, statistics: Statistics) -> dict[str, Any]:
    """The options of the augmentation; frames are filled up with the mean unless the config says otherwise."""
    return {"mean": statistics.mean} | config.data.augment.options


def make_card(config: TrainConfig, task_options: dict[str, Any], recipe: Recipe) -> Card:
    """What a checkpoint of this run says of itself."""
    origin = {
        "prior": recipe.prior,
        "recipe": {"name": config.recipe.name, **config.recipe.options},
        "dataset": config.data.root.name,
        "train": config.data.train,
        "seed": config.seed,
    }
    if config.weights is not None:
        origin["prior"] = f"{with_frames(origin)}, began as {prior_of(config.weights)}"
    network, task = config.network, config.task
    return Card(network.name, network.options, task.name, task_options, pad=config.data.pad, origin=origin)
