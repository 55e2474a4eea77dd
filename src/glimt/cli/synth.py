"""`glimt synth`."""

from pathlib import Path
from typing import Annotated

import typer

from glimt.cli.console import AsJson, Overwrite


def synth(
    out: Annotated[Path, typer.Argument(help="Folder to write the dataset to.", file_okay=False)],
    frames: Annotated[int, typer.Option(help="How many frames.", min=1)] = 30,
    size: Annotated[int, typer.Option(help="Rows and columns of a frame.")] = 256,
    targets: Annotated[str, typer.Option(help="Targets in a frame: a number or a range.")] = "1-4",
    scr: Annotated[str, typer.Option(help="Signal-to-clutter ratio: a number or a range.")] = "2-12",
    background: Annotated[str, typer.Option(help="clouds, sea, urban, terrain, or mixed.")] = "mixed",
    dark: Annotated[float, typer.Option(help="Share of targets darker than their surroundings.")] = 0.2,
    seed: Annotated[int, typer.Option(help="The same seed gives the same frames.", min=0)] = 0,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Draw infrared frames with small targets and exact masks.

    A stopped run is finished by the same command.

    Example: glimt synth scenes/ --frames 30 --background clouds --scr 2-8
    """
    from glimt.cli.console import print_json, say, track
    from glimt.data.synthetic import SceneOptions, write_scenes

    low, high = parse_range(targets, "--targets")
    options = SceneOptions((size, size), background, (round(low), round(high)), parse_range(scr, "--scr"), dark)
    scenes = write_scenes(out, frames, options, seed, overwrite, lambda numbers: track(numbers, "Drawing"))
    count = sum(len(scene["targets"]) for scene in scenes)
    if as_json:
        print_json({"out": str(out), "frames": frames, "targets": count, "seed": seed})
    else:
        say(f"{frames} frames with {count} targets are in {out}")


def parse_range(text: str, option: str) -> tuple[float, float]:
    """Read `4` or `2-12` as a pair of numbers."""
    from glimt.core.errors import OptionError

    low, dash, high = text.partition("-")
    try:
        return float(low), float(high if dash else low)
    except ValueError as error:
        raise OptionError(f"{option}: {text!r} is not a number or a range such as 1-4") from error
