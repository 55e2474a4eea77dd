"""A network made for a task: with as many input channels as the task shows, and changed as the task asks."""

import inspect
from collections.abc import Mapping
from typing import Any

from torch import nn

from glimt.core.catalog import build, find
from glimt.core.errors import OptionError
from glimt.networks import NETWORKS
from glimt.tasks.task import Task


def network_for(task: Task, name: str, options: Mapping[str, Any]) -> nn.Module:
    """The network `name`; raises OptionError where its options contradict the task, or the task cannot use it."""
    return task.adapt(build(NETWORKS, name, {**options, **channels_for(task, name, options)}, "network"))


def channels_for(task: Task, name: str, options: Mapping[str, Any]) -> dict[str, int]:
    """The option `in_channels`, for a network that has it."""
    asked = options.get("in_channels", task.channels)
    if asked != task.channels:
        raise OptionError(
            f"{name}: in_channels is {asked}, but the task shows {counted(task.channels)}; "
            "leave in_channels out, it follows from the task"
        )
    if "in_channels" in inspect.signature(find(NETWORKS, name, "network")).parameters:
        return {"in_channels": task.channels}
    if task.channels != 1:
        raise OptionError(f"{name} has no option in_channels, but the task shows {counted(task.channels)}")
    return {}


def counted(channels: int) -> str:
    """A number of channels in words."""
    return f"{channels} channel{'s' if channels > 1 else ''}"
