"""`glimt train`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from glimt.cli.console import AsJson, Overwrite

if TYPE_CHECKING:
    from glimt.training.run import Run


def train(
    config: Annotated[Path, typer.Argument(help="YAML file of settings.", exists=True, dir_okay=False)],
    out: Annotated[
        Path, typer.Argument(metavar="RUN", help="Folder for labels, log and checkpoints.", file_okay=False)
    ],
    set: Annotated[
        list[str], typer.Option("--set", metavar="KEY=VALUE", help="Change a setting, e.g. recipe=pseudo.")
    ] = [],
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Train a network from masks or from points; a run that was stopped goes on.

    Example: glimt train configs/tiny_clicks.yaml runs/clicks --set data.root=datasets/SIRST
    """
    from glimt.cli.console import need_extra, print_json

    need_extra("train", "torch", "accelerate", "safetensors")
    from glimt.cli.progress import training_progress
    from glimt.training.read_config import load_config
    from glimt.training.run import Run
    from glimt.training.train import train as fit

    settings = load_config(config, set)
    with training_progress() as watch:
        fit(settings, out, overwrite, watch)
    run = Run(out)
    if as_json:
        print_json(run.read_log()[-1])
    else:
        show(run)


def show(run: "Run") -> None:
    """Print the scores of every checkpoint that the run kept."""
    import json

    from glimt.cli.console import print_table, say

    rows = []
    for file in sorted((run.root / "checkpoints").glob("*.json")):
        card = json.loads(file.read_text(encoding="utf-8"))
        for split, values in card["scores"].items() or [("-", {})]:
            shown = [100 * values[name] if name in values else None for name in ("iou", "niou", "pd")]
            fa = 1e6 * values["fa"] if "fa" in values else None
            rows.append([file.stem, card["epoch"], split, *shown, fa])
    print_table(str(run.root), ["checkpoint", "epoch", "split", "IoU %", "nIoU %", "Pd %", "Fa 1e-6"], rows)
    say(f"predict with it: glimt predict {run.root} FRAMES")
