"""`glimt export`."""

from pathlib import Path
from typing import Annotated

import typer

from glimt.cli.console import AsJson, Overwrite
from glimt.cli.model_options import NetworkName

DYNAMIC = "dynamic"


def export(
    model: Annotated[
        Path, typer.Argument(metavar="RUN|CHECKPOINT", help="Run of `glimt train`, a checkpoint, or published weights.")
    ],
    out: Annotated[Path, typer.Argument(help="File to write, ending in .onnx.")],
    stream: Annotated[
        bool, typer.Option("--stream", help="The graph of one step of a stream: each frame is looked at once.")
    ] = False,
    size: Annotated[str, typer.Option(help="Size of the frames, HxW in px, or dynamic for any.")] = DYNAMIC,
    network: NetworkName = None,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Write a trained network as ONNX, to be run without torch.

    The file is kept only if ONNX Runtime answers from it as torch does, to 1e-4.

    Example: glimt export runs/sea sea.onnx --stream --size 512x640
    """
    from glimt.cli.console import need_extra, print_json, say
    from glimt.core.errors import OutputError
    from glimt.core.files import claim_output

    need_extra("export", "torch", "safetensors", "onnx", "onnxscript", "onnxruntime")
    from glimt.export import export_model, export_stream, load_for_export

    sides = size_of(size)
    if out.suffix != ".onnx":
        raise OutputError(f"{out} does not end in .onnx; other tools tell a graph by that")
    claim_output(out, overwrite)
    loaded, card = load_for_export(model, network)
    apart = (export_stream if stream else export_model)(loaded, card, out, sides)
    if as_json:
        print_json({"out": str(out), "graph": "stream" if stream else "whole", "size": sides, "difference": apart})
        return
    shown = f"{sides[0]} x {sides[1]} frames" if sides else "frames of any size"
    say(f"{out}: {loaded.name} for {shown}, {out.stat().st_size / 2**20:.1f} MiB; at most {apart:.1g} off torch")


def size_of(text: str) -> tuple[int, int] | None:
    """Rows and columns, None for any. Raises OptionError for what is neither."""
    from glimt.core.errors import OptionError

    if text == DYNAMIC:
        return None
    rows, _, cols = text.partition("x")
    if not (rows.isdecimal() and cols.isdecimal() and int(rows) and int(cols)):
        raise OptionError(f"--size {text}: write it as HxW in px, such as 256x320, or dynamic")
    return int(rows), int(cols)
