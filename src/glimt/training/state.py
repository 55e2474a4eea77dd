"""The state of a training as tensors and JSON: what `torch.save` would pickle, kept without a pickle."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import Tensor

from glimt.inference.checkpoint import read_tensors, write_tensors

STATE = "glimt-state"


def write_state(file: Path, state: Mapping[str, Any]) -> None:
    """Write nested dicts and lists of tensors, numbers and texts as one file."""
    tensors: dict[str, Tensor] = {}
    outline = pack(dict(state), tensors)
    write_tensors(file, tensors, {STATE: json.dumps(outline)})


def read_state(file: Path) -> dict[str, Any]:
    """What `write_state` wrote; tuples come back as lists."""
    tensors, notes = read_tensors(file)
    return unpack(json.loads(notes[STATE]), tensors)


def pack(value: Any, tensors: dict[str, Tensor]) -> Any:
    """The outline of `value`: each tensor replaced by its number, each dict by its pairs, as keys may be numbers."""
    if isinstance(value, Tensor):
        name = str(len(tensors))
        tensors[name] = value.detach().clone()  # parameters may share memory, which the file format refuses
        return {"tensor": name}
    if isinstance(value, Mapping):
        return {"pairs": [[key, pack(one, tensors)] for key, one in value.items()]}
    if isinstance(value, list | tuple):
        return [pack(one, tensors) for one in value]
    return value


def unpack(outline: Any, tensors: Mapping[str, Tensor]) -> Any:
    """The value that `pack` made an outline of."""
    if isinstance(outline, dict):
        if "tensor" in outline:
            return tensors[outline["tensor"]]
        return {key: unpack(one, tensors) for key, one in outline["pairs"]}
    if isinstance(outline, list):
        return [unpack(one, tensors) for one in outline]
    return outline
