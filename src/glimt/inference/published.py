"""Weights that other projects published, read into our networks. Nothing a file brings along is ever executed.

So far the files of LESPS, which takes the normalisation of SIRST3 whatever it is tested on.
"""

import logging
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from glimt.core.catalog import build, find
from glimt.core.errors import DataError
from glimt.inference.cut_zip import rebuilt
from glimt.inference.published_keys import KEYS, ours
from glimt.networks import NETWORKS

log = logging.getLogger(__name__)

INSIDE = ("state_dict", "net", "model")  # where a file keeps the weights among other things
WRAPPERS = re.compile(r"^(?:(?:module|model)\.)+")  # put before every key by whoever held the network
CODE = re.compile(r"(?:GLOBAL|unrecognized function) (\S+)")  # what torch says it will not run
SHOWN = 3  # keys named in an error

Weights = Mapping[str, Tensor]
Misfit = Mapping[str, list[str]]


@dataclass(frozen=True)
class Published:
    """What must be known to ask published weights; grey values are of frames in [0, 1]."""

    network: str
    mean: float = 95.010 / 255  # of SIRST3, by LESPS
    std: float = 41.511 / 255
    pad: str = "lesps"


def load_published(path: Path, name: str | None = None) -> tuple[nn.Module, Published]:
    """The network `name`, or the one that fits, with the weights of a `.pth.tar`, `.pth`, `.pt` or `.pkl`.

    Raises DataError where the file is damaged, where it holds code, and where the weights are of another network.
    """
    if name is not None and name not in KEYS:
        find(NETWORKS, name, "network")
        raise DataError(f"{path}: no published weights of {name!r} can be read, only those of {' and '.join(KEYS)}")
    weights = read_weights(path)
    networks = {one: build(NETWORKS, one, {}, "network") for one in KEYS}
    misfits = {one: misfit(networks[one], translated(weights, one)) for one in KEYS}
    nearest = min(misfits, key=lambda one: sum(map(len, misfits[one].values())))
    fits = not any(misfits[nearest].values())
    if name not in (None, nearest) and fits:
        raise DataError(f"{path}: asked for {name!r}, but these are weights of {nearest!r}; give that name, or none")
    if not fits:
        raise DataError(f"{path} {unfit(name or nearest, misfits[name or nearest], asked=name is not None)}")
    networks[nearest].load_state_dict(translated(weights, nearest))
    return networks[nearest].eval(), Published(nearest)


def read_weights(path: Path) -> Weights:
    """The named tensors of a file, their keys without `module.` and `model.`."""
    held = unpickled(path)
    while isinstance(held, Mapping) and (inside := next((key for key in INSIDE if key in held), None)):
        held = held[inside]
    if not isinstance(held, Mapping) or not held or not all(isinstance(one, Tensor) for one in held.values()):
        raise DataError(f"{path} holds no named tensors but {described(held)}; save the network's state_dict() alone")
    return {WRAPPERS.sub("", str(key)): tensor for key, tensor in held.items()}


def unpickled(path: Path) -> Any:
    """What a file holds, as far as it is numbers and their names."""
    if not path.is_file():
        raise DataError(f"no file at {path}")
    whole = rebuilt(path)
    if whole is not None:
        log.warning("%s is cut short; all its members are whole by their checksums, and are used", path)
    try:
        with warnings.catch_warnings(action="ignore"):  # the error says it better
            return torch.load(whole or path, map_location="cpu", weights_only=True)
    except Exception as error:  # a damaged pickle fails in any way it likes
        raise DataError(f"{path} {trouble(error)}") from error


def trouble(error: Exception) -> str:
    """Why a file was not read, and what would work."""
    code = CODE.search(str(error))
    if code:
        return f"is refused: reading it would run {code[1]}; save the network's state_dict() instead of the network"
    if "TorchScript" in str(error):
        return "is refused: it is a TorchScript program; save the network's state_dict() instead"
    if "Unsupported operand" in str(error):
        return (
            "is refused: it is no file of weights, or a pickle that torch did not write; save a state_dict() with torch"
        )
    return f"is damaged or cut short ({type(error).__name__}); fetch or save it again"


def translated(weights: Weights, name: str) -> Weights:
    """The weights under our network's own keys."""
    return {ours(key, name): tensor for key, tensor in weights.items()}


def misfit(network: nn.Module, weights: Weights) -> Misfit:
    """The keys that keep weights from fitting, by kind."""
    wanted = network.state_dict()
    return {
        "missing": [key for key in wanted if key not in weights],
        "unexpected": [key for key in weights if key not in wanted],
        "of another shape": [key for key in wanted if key in weights and wanted[key].shape != weights[key].shape],
    }


def unfit(name: str, kinds: Misfit, asked: bool) -> str:
    """How far weights are from a network."""
    counted = [f"{len(keys)} {kind} ({some(keys)})" for kind, keys in kinds.items() if keys]
    network = repr(name) if asked else f"any of {', '.join(KEYS)}; the nearest is {name!r}"
    return f"does not fit {network}; keys: {', '.join(counted)}"


def some(keys: list[str]) -> str:
    """The first few of many."""
    return ", ".join(keys[:SHOWN]) + (", ..." if len(keys) > SHOWN else "")


def described(held: object) -> str:
    """What stands where weights should be."""
    if not isinstance(held, Mapping):
        return f"a {type(held).__name__}"
    return f"a dictionary of {some([str(key) for key in held])}" if held else "an empty dictionary"
