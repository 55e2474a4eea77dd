"""ONNX: a trained network as one file that needs no torch, kept only if it answers as the network does.

A graph takes grey frames in [0, 1]; normalising and padding are in it, and its properties say how it was trained.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch

from glimt.core.errors import DataError, OptionError
from glimt.core.files import draft
from glimt.data.statistics import Statistics
from glimt.inference.checkpoint import Card, read_checkpoint
from glimt.inference.drawing import Graph, drawn
from glimt.inference.fuse import fold
from glimt.inference.graphs import Step, View, Whole, called
from glimt.inference.model import Model, load_model
from glimt.inference.onnx_model import NOTES, open_onnx
from glimt.inference.padding import MULTIPLE
from glimt.inference.parity import difference
from glimt.inference.places import SUFFIX, file_of
from glimt.inference.published import load_published

PACKAGES = ("onnx", "onnxscript", "onnxruntime")
TOLERANCE = 1e-4  # of an answer: logits, or cells and pixels
EXAMPLE, OTHER = (70, 101), (64, 96)  # px; a graph of any size is drawn with the first and compared with both
STREAMED = 3  # frames that a stream is of

Size = tuple[int, int] | None  # rows and columns of the frames; None for any


def load_for_export(path: Path, network: str | None = None) -> tuple[Model, Card]:
    """The model of a run, a checkpoint or published weights, and its card."""
    file = file_of(path)
    model = load_model(file, network)
    if file.suffix == SUFFIX:
        return model, read_checkpoint(file)[0]
    known = load_published(file, network)[1]
    statistics = asdict(Statistics(known.mean, known.std))
    return model, Card(known.network, task_options={"statistics": statistics}, pad=known.pad)


def export_model(model: Model, card: Card, file: Path, size: Size = None) -> float:
    """Write `frames` (1, T, H, W) -> `answer`, and give the largest difference from torch that was seen.

    Raises DataError, and writes nothing, where that is above 1e-4.
    """
    view = view_of(model, card)
    examples = {"frames": torch.rand(1, shown(model), *(size or EXAMPLE))}
    graph = Graph(Whole(fold(model.network).cpu(), view), examples, {"frames": ("rows", "cols")}, ("answer",))
    return write(graph, notes_of(model, card, "whole", view), model, file, size)


def export_stream(model: Model, card: Card, file: Path, size: Size = None) -> float:
    """Write `frame`, `past`, `present` -> `answer` for the present frame, `features` of the new one.

    Raises OptionError for a network that does not look at each of three frames alone, and else as `export_model`.
    """
    if not hasattr(model.network, "features") or shown(model) != STREAMED:
        raise OptionError(f"{model.name} does not look at each of three frames alone; export it without --stream")
    view, network = view_of(model, card), fold(model.network).cpu()
    frame = torch.rand(1, 1, *(size or EXAMPLE))
    with torch.inference_mode():
        seen = called(network, "features")(view.show(frame))
    examples = {"frame": frame, "past": torch.rand(seen.shape), "present": torch.rand(seen.shape)}
    cells = ("cell_rows", "cell_cols")
    sides = {"frame": ("rows", "cols"), "past": cells, "present": cells}
    graph = Graph(Step(network, view), examples, sides, ("answer", "features"))
    return write(graph, notes_of(model, card, "stream", view), model, file, size)


def shown(model: Model) -> int:
    """How many frames the model is shown."""
    return sum(model.task.span) + 1


def view_of(model: Model, card: Card) -> View:
    """How the model is shown frames. Raises OptionError for one that is shown more than frames."""
    if model.task.needs_points:
        raise OptionError(f"{model.name} is shown points beside frames, which a graph of frames cannot hold")
    statistics = Statistics(**card.task_options.get("statistics") or {})
    view = View(statistics, model.pad, replicas=model.task.channels if shown(model) == 1 else 1)
    with torch.inference_mode():
        inputs = view.show(torch.zeros(1, shown(model), MULTIPLE, MULTIPLE))
        answer = fold(model.network).cpu()(inputs)[0]
    return view._replace(cell=inputs.shape[-2] // answer.shape[-2])


def notes_of(model: Model, card: Card, graph: str, view: View) -> dict[str, Any]:
    """What a file says of itself: the card, and what must be known to ask it."""
    try:
        own = version("glimt")
    except PackageNotFoundError:
        own = "unknown"
    asked = {"threshold": model.threshold, "span": model.task.span, "cell": view.cell, "multiple": MULTIPLE}
    return {**asdict(card), **asked, "graph": graph, "glimt": own}


def write(graph: Graph, notes: Mapping[str, Any], model: Model, file: Path, size: Size) -> float:
    """Draw the graph, write it beside its place, compare, and move it there."""
    if missing := [name for name in PACKAGES if find_spec(name) is None]:
        raise OptionError(f"an export needs {', '.join(missing)}: pip install 'glimt[export]'")
    proto = drawn(graph, model.name, fixed=size is not None)
    proto.metadata_props.add(key=NOTES, value=json.dumps(notes))
    with draft(file) as beside:
        beside.write_bytes(proto.SerializeToString())
        opened, sizes = open_onnx(beside), (size, size) if size else (EXAMPLE, OTHER)
        apart = max(difference(model, opened, one, seed) for seed, one in enumerate(sizes))
        if not apart <= TOLERANCE:
            raise DataError(f"{file} is not written: its answer is {apart:.2g} off that of {model.name} in torch")
    return apart
