"""Checkpoints: the weights as safetensors, with a card in the file's header that says how to rebuild the network.

A readable copy of the card lies beside each file. No pickle is written or read.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
from torch import Tensor

from glimt.core.errors import DataError
from glimt.core.files import draft, write_text
from glimt.inference.places import CARD
from glimt.inference.places import SUFFIX as SUFFIX


@dataclass(frozen=True)
class Card:
    """What rebuilds a network and its task, and where the weights come from."""

    network: str
    network_options: dict[str, Any] = field(default_factory=dict)
    task: str = "segment"
    task_options: dict[str, Any] = field(default_factory=dict)
    pad: str = "minimal"
    threshold: float = 0.5
    epoch: int = 0
    scores: dict[str, Any] = field(default_factory=dict)
    origin: dict[str, Any] = field(default_factory=dict)  # prior, split, seed: what a table must say beside a number


def write_checkpoint(file: Path, card: Card, weights: Mapping[str, Tensor]) -> None:
    """Write both files; an old checkpoint stays whole until the new one is."""
    write_tensors(file, weights, {CARD: json.dumps(asdict(card))})
    write_text(file.with_suffix(".json"), json.dumps(asdict(card), indent=2) + "\n")


def read_checkpoint(file: Path) -> tuple[Card, dict[str, Tensor]]:
    """The card and the weights. Raises DataError for a file that is none of ours, or damaged."""
    weights, notes = read_tensors(file)
    if CARD not in notes:
        raise DataError(f"{file} holds tensors, but no card of a network; give a checkpoint of `glimt train`")
    values = json.loads(notes[CARD])
    known = {one.name for one in fields(Card)}
    return Card(**{key: value for key, value in values.items() if key in known}), weights


def write_tensors(file: Path, tensors: Mapping[str, Tensor], notes: Mapping[str, str]) -> None:
    """Write named tensors and notes as one file."""
    data = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    code = safetensors.torch.save(data, dict(notes))
    with draft(file) as beside:
        beside.write_bytes(code)


def read_tensors(file: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """Named tensors and notes. Raises DataError where the file is not whole."""
    try:
        with safetensors.safe_open(file, framework="pt") as opened:
            return {name: opened.get_tensor(name) for name in opened.keys()}, dict(opened.metadata() or {})  # noqa: SIM118
    except (OSError, safetensors.SafetensorError) as error:
        raise DataError(f"{file} is no whole checkpoint: {error}") from error
