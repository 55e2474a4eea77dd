"""A module drawn as an ONNX graph by torch, with nothing in it of the disk it was drawn on."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.export import Dim

from glimt.core.errors import OptionError


class Graph(NamedTuple):
    """What is drawn: a module, examples of its inputs by name, what their sides are called, names of its outputs."""

    module: nn.Module
    examples: dict[str, Tensor]
    sides: dict[str, tuple[str, str]]
    outputs: tuple[str, ...]


def drawn(graph: Graph, name: str, fixed: bool) -> Any:
    """The graph in ONNX. Raises OptionError where torch cannot draw it.

    Its inputs have the sizes of the examples if `fixed`, else any.
    """
    dims = {side: Dim(side, min=2) for sides in graph.sides.values() for side in sides}
    shapes = {key: {2: dims[rows], 3: dims[cols]} for key, (rows, cols) in graph.sides.items()}
    try:
        with quiet():
            program = torch.onnx.export(
                graph.module.eval(),
                tuple(graph.examples.values()),
                dynamo=True,
                external_data=False,
                verbose=False,
                input_names=list(graph.examples),
                output_names=list(graph.outputs),
                dynamic_shapes=None if fixed else shapes,
            )
    except torch.onnx.OnnxExporterError as error:
        hint = "" if fixed else "; give the size of the frames, as in --size 256x256"
        raise OptionError(f"{name} cannot be drawn as a graph{hint}: {reason(error)}") from error
    assert program is not None
    return plain(program.model_proto)


def plain(proto: Any) -> Any:
    """A graph without what tells where on a disk it was drawn: each node brings the lines of code that it is from."""
    for node in proto.graph.node:
        del node.metadata_props[:]
        node.ClearField("doc_string")
    return proto


def reason(error: BaseException) -> str:
    """The first words of the innermost cause."""
    while error.__cause__ is not None:
        error = error.__cause__
    return " ".join(str(error).split())[:160]


@contextmanager
def quiet() -> Iterator[None]:
    """Keep to itself what torch says of packages that are not needed."""
    log = logging.getLogger("torch.onnx")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    finally:
        log.setLevel(level)
