"""The loss of a task from its settings: one name, or several with weights.

"soft_iou"
{"sls": {}, "tda": {"weight": 0.2, "maps": "main"}}
"""

import inspect
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, NamedTuple

from glimt.core.catalog import build, find
from glimt.core.errors import OptionError
from glimt.data.statistics import Statistics
from glimt.losses import LOSSES
from glimt.losses.loss import Loss, Weighted

MAPS = ("all", "main")  # what a term is asked of: every map the network gives, or the main one alone


class Terms(NamedTuple):
    """What every map is scored by, and what the main map is scored by besides, once."""

    each: Weighted
    once: Weighted


def terms(loss: str | Mapping[str, Mapping[str, Any]], statistics: Statistics) -> Terms:
    """Build the losses; what they want to know of the dataset is filled in from `statistics`."""
    wanted = {loss: {}} if isinstance(loss, str) else loss
    if not wanted:
        raise OptionError("loss: no term given; give a name or {name: {weight: 1.0}}")
    built = [term(name, dict(options or {}), statistics) for name, options in wanted.items()]
    each, once = (Weighted(tuple((weight, one) for weight, one, on in built if on == maps)) for maps in MAPS)
    return Terms(each, once)


def term(name: str, options: dict[str, Any], statistics: Statistics) -> tuple[float, Loss, str]:
    """The weight of one loss, the loss, and the maps it is asked of."""
    weight, maps = options.pop("weight", 1.0), options.pop("maps", "all")
    if not isinstance(weight, int | float) or maps not in MAPS:
        raise OptionError(f"loss {name}: weight must be a number and maps one of {MAPS}, got {weight!r} and {maps!r}")
    return float(weight), build(LOSSES, name, known_means(name, statistics) | options, "loss"), maps


def known_means(name: str, statistics: Statistics) -> dict[str, float]:
    """The means of the dataset that a loss has an option `mean_<what>` for."""
    asked = inspect.signature(find(LOSSES, name, "loss")).parameters
    found = {f"mean_{key}": value for key, value in asdict(statistics).items() if value is not None}
    return {key: value for key, value in found.items() if key in asked}
