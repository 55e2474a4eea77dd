"""`glimt bench stream`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from glimt.cli.console import AsJson

if TYPE_CHECKING:
    from glimt.inference.checkpoint import Card
    from glimt.inference.model import Model

COLUMNS = ("triplet_ms", "stream_ms", "ratio", "p50_ms", "p90_ms", "p99_ms")


def stream(
    network: Annotated[
        str, typer.Option(help="Network that looks at each frame alone, with random weights.")
    ] = "rprnet",
    checkpoint: Annotated[Path | None, typer.Option(help="Run or checkpoint to measure instead.", exists=True)] = None,
    size: Annotated[list[str], typer.Option(help="Side of the frames in px; several with commas between.")] = ["256"],
    threads: Annotated[int, typer.Option(help="Threads that a network may use.", min=1)] = 1,
    repeats: Annotated[int, typer.Option(help="How often each is measured, in turn.", min=1)] = 30,
    as_json: AsJson = False,
) -> None:
    """Measure what a frame of a stream costs, beside three frames at once: torch and ONNX Runtime.

    Medians in ms; p50, p90 and p99 are of one step of the stream. One thread is timed by the processor, several by the
    clock on the wall.

    Example: glimt bench stream --network rprnet --size 256,512 --json
    """
    from glimt.cli.console import need_extra, print_json, print_table

    need_extra("export", "torch", "safetensors", "onnx", "onnxscript", "onnxruntime")
    model, card = model_for(network, checkpoint)
    rows = [measured(model, card, side, threads, repeats) for side in sides_of(size)]
    if as_json:
        print_json(rows[0] if len(rows) == 1 else rows)
        return
    for row in rows:
        title = f"{row['network']}, {row['size']} x {row['size']}, {threads} thread(s), {repeats} repetitions"
        lines = [[name, *(row[name][column] for column in COLUMNS)] for name in ("torch", "onnxruntime")]
        print_table(title, ("run by", *COLUMNS), lines)


def model_for(network: str, checkpoint: Path | None) -> "tuple[Model, Card]":
    """The model of a checkpoint, or one that has learnt nothing."""
    import torch

    from glimt.core.catalog import build
    from glimt.export import load_for_export
    from glimt.inference.checkpoint import Card
    from glimt.inference.model import Model
    from glimt.tasks import TASKS
    from glimt.tasks.network import network_for

    if checkpoint is not None:
        return load_for_export(checkpoint)
    card = Card(network, task="locate")
    task = build(TASKS, card.task, {}, "task")
    torch.manual_seed(0)
    return Model(network_for(task, network, {}).eval(), task, card.pad, card.threshold, network), card


def sides_of(texts: list[str]) -> list[int]:
    """The sides asked for. Raises OptionError for what is none."""
    from glimt.core.errors import OptionError

    words = [word for text in texts for word in text.split(",") if word]
    if not words or not all(word.isdecimal() and int(word) for word in words):
        raise OptionError(f"--size {','.join(texts)}: give sides in px, such as 256 or 256,512")
    return [int(word) for word in words]


def measured(model: "Model", card: "Card", side: int, threads: int, repeats: int) -> dict[str, Any]:
    """Both graphs of one size, by torch and by ONNX Runtime, in one run."""
    import tempfile

    import numpy as np
    import torch

    from glimt.export import export_model, export_stream
    from glimt.inference.fuse import fold
    from glimt.inference.onnx_model import open_onnx
    from glimt.inference.speed import clock_of, interleaved, onnx_calls, summary, torch_calls

    torch.set_num_threads(threads)
    frames = np.random.default_rng(0).random((1, 3, side, side), dtype=np.float32)
    with tempfile.TemporaryDirectory() as folder:
        files = {export_stream: Path(folder) / "stream.onnx", export_model: Path(folder) / "whole.onnx"}
        for write, file in files.items():
            write(model, card, file, (side, side))
        step, whole = (open_onnx(file, threads) for file in files.values())
    calls = {"torch": torch_calls(fold(model.network), frames), "onnxruntime": onnx_calls(whole, step, frames)}
    flat = {f"{by} {what}": call for by, each in calls.items() for what, call in each.items()}
    taken = interleaved(flat, repeats, threads)
    found = {by: summary({what: taken[f"{by} {what}"] for what in each}) for by, each in calls.items()}
    how = {"threads": threads, "clock": clock_of(threads), "repeats": repeats}
    return {"size": side, "network": model.name, **how, **found}
