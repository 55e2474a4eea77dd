"""A trained network, with what it takes to ask it: a checkpoint of ours, a run, or published weights."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from torch import nn

from glimt.core.catalog import build
from glimt.core.errors import DataError, OptionError
from glimt.data.statistics import Statistics
from glimt.inference.checkpoint import Card, read_checkpoint
from glimt.inference.places import SUFFIX, file_of
from glimt.inference.published import load_published
from glimt.tasks import TASKS
from glimt.tasks.network import network_for
from glimt.tasks.task import Task

NONE: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Model:
    """A network in evaluation mode, the task it was trained for, and how its frames are padded."""

    network: nn.Module
    task: Task
    pad: str
    threshold: float
    name: str  # what it is, for a person
    origin: Mapping[str, Any] = field(default_factory=dict)  # prior, split, seed: what a table says beside a number
    mean: float = 0.0  # grey value that is 0 for the network
    options: Mapping[str, Any] = field(default_factory=dict)  # of the task, asked for instead of its own


def load_model(path: Path, network: str | None = None, options: Mapping[str, Any] = NONE) -> Model:
    """The model of a run folder, of one of its `.safetensors`, or of published weights (then `network` names theirs).

    `options` of its task replace those that it was trained under, such as `masks` of `locate`.

    Raises DataError where there is no checkpoint, where it is damaged, and where it is of another network.
    """
    file = file_of(path)
    if file.suffix == SUFFIX:
        return own(file, network, options)
    if options:
        raise OptionError(f"{file.name} are published weights, which have no {', '.join(options)}")
    return foreign(file, network)


def own(file: Path, network: str | None, options: Mapping[str, Any]) -> Model:
    """The model of a checkpoint that `glimt train` wrote."""
    card, weights = read_checkpoint(file)
    if network not in (None, card.network):
        raise DataError(f"{file} is a checkpoint of {card.network!r}, not of {network!r}; leave --network out")
    task = build(TASKS, card.task, {**card.task_options, **options}, "task")
    net = network_for(task, card.network, card.network_options)
    try:
        net.load_state_dict(weights)
    except RuntimeError as error:
        raise DataError(f"{file} does not fit the network {card.network!r}: {shortened(error)}") from error
    return Model(net.eval(), task, card.pad, card.threshold, title(card), card.origin, mean_of(card), options)


def foreign(file: Path, network: str | None) -> Model:
    """The model of published weights."""
    net, published = load_published(file, network)
    task = build(TASKS, "segment", {"statistics": Statistics(published.mean, published.std)}, "task")
    return Model(net.eval(), task, published.pad, 0.5, f"{published.network} of {file.name}", mean=published.mean)


def mean_of(card: Card) -> float:
    """The grey value that the task of a checkpoint takes off each frame."""
    return (card.task_options.get("statistics") or {}).get("mean", Statistics().mean)


def title(card: Card) -> str:
    """What a checkpoint is, in a few words."""
    return f"{card.network}, epoch {card.epoch}"


def shortened(error: Any) -> str:
    """The first lines of a long message."""
    return " ".join(str(error).split())[:200]
