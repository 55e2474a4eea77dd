"""`glimt synth`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from glimt.cli.console import AsJson, Overwrite

OPTIONS = {"sequences": "glimt.data.synthetic:SequenceOptions"}
MOVING = "Sequences"  # the panel of the help that shows their options


def synth(
    out: Annotated[Path, typer.Argument(help="Folder to write the dataset to.", file_okay=False)],
    frames: Annotated[int, typer.Option(help="How many frames, in each sequence if there are any.", min=1)] = 30,
    size: Annotated[int, typer.Option(help="Rows and columns of a frame.")] = 256,
    targets: Annotated[str, typer.Option(help="Targets in a frame or a sequence: a number or a range.")] = "1-4",
    scr: Annotated[str, typer.Option(help="Signal-to-clutter ratio: a number or a range.")] = "2-12",
    background: Annotated[
        str,
        typer.Option(
            help="clouds, sea, urban, terrain, or mixed; for sequences also a frame, a video or a folder of them."
        ),
    ] = "mixed",
    dark: Annotated[float, typer.Option(help="Share of targets darker than their surroundings.")] = 0.2,
    sequences: Annotated[
        int | None, typer.Option(help="Write this many sequences, not single frames.", min=1, rich_help_panel=MOVING)
    ] = None,
    speed: Annotated[
        str | None, typer.Option(help="Speed of a target, px a frame (0.3-3).", rich_help_panel=MOVING)
    ] = None,
    pan: Annotated[
        str | None, typer.Option(help="Speed of the camera, px a frame (0-0.8).", rich_help_panel=MOVING)
    ] = None,
    jitter: Annotated[
        float | None, typer.Option(help="Spread of the camera's shake, px (0.3).", rich_help_panel=MOVING)
    ] = None,
    jumps: Annotated[
        str | None, typer.Option(help="Sudden moves of the camera in a sequence (0-2).", rich_help_panel=MOVING)
    ] = None,
    specks: Annotated[
        int | None, typer.Option(help="Spots in view that look like targets but lie still (6).", rich_help_panel=MOVING)
    ] = None,
    blinking: Annotated[
        int | None, typer.Option(help="Places of the sensor that flash in single frames (4).", rich_help_panel=MOVING)
    ] = None,
    stills: Annotated[
        bool, typer.Option("--stills", help="Pan over each frame of --background by itself.", rich_help_panel=MOVING)
    ] = False,
    seed: Annotated[int, typer.Option(help="The same seed gives the same frames.", min=0)] = 0,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Draw infrared frames or sequences with small targets and exact masks.

    A stopped run is finished by the same command.

    Example: glimt synth scenes/ --frames 30 --background clouds --scr 2-8

    Example: glimt synth clips/ --sequences 8 --frames 60 --scr 2-5 --specks 20
    """
    from glimt.cli.console import print_json, say

    low, high = parse_range(targets, "--targets")
    shared = {
        "size": (size, size),
        "targets": (round(low), round(high)),
        "scr": parse_range(scr, "--scr"),
        "dark": dark,
    }
    moving = {"speed": speed, "pan": pan, "jitter": jitter, "jumps": jumps, "specks": specks, "blinking": blinking}
    given = {name: value for name, value in {**moving, "stills": stills or None}.items() if value is not None}
    run = {"seed": seed, "overwrite": overwrite}
    if sequences is None:
        refuse_alone(given)
        text, counts = draw_frames(out, frames, {**shared, "background": background}, run)
    else:
        read = {
            name: parse_range(value, f"--{name}") if isinstance(value, str) else value for name, value in given.items()
        }
        options = {"frames": frames, **shared, **background_of(background), **read}
        text, counts = draw_sequences(out, sequences, options, run)
    if as_json:
        print_json({"out": str(out), **counts, "seed": seed})
    else:
        say(f"{text} are in {out}")


def draw_frames(out: Path, frames: int, options: dict[str, Any], run: dict[str, Any]) -> tuple[str, dict[str, int]]:
    """Write single frames; return a line and the counts that it tells."""
    from glimt.cli.console import track
    from glimt.data.synthetic import SceneOptions, write_scenes

    scenes = write_scenes(out, frames, SceneOptions(**options), **run, track=lambda numbers: track(numbers, "Drawing"))
    count = sum(len(scene["targets"]) for scene in scenes)
    return f"{frames} frames with {count} targets", {"frames": frames, "targets": count}


def draw_sequences(out: Path, n: int, options: dict[str, Any], run: dict[str, Any]) -> tuple[str, dict[str, int]]:
    """Write sequences; return a line and the counts that it tells."""
    from glimt.cli.console import track
    from glimt.core.catalog import build
    from glimt.data.synthetic import write_sequences

    drawn = build(OPTIONS, "sequences", options)
    written = write_sequences(out, n, drawn, **run, track=lambda numbers: track(numbers, "Drawing"))
    points = [[target["target"] for frame in one["frames"] for target in frame["targets"]] for one in written]
    targets = sum(len(set(one)) for one in points)
    counts = {"sequences": n, "frames": n * drawn.frames, "targets": targets, "points": sum(map(len, points))}
    return f"{n} sequences of {drawn.frames} frames with {targets} targets", counts


def background_of(text: str) -> dict[str, str]:
    """The option that a kind of background is, or a place."""
    from glimt.data.synthetic.background import BACKGROUNDS

    path = Path(text)
    known = text in ("mixed", *BACKGROUNDS)
    place = not known and (path.exists() or bool(path.suffix) or path.name != text)
    return {"footage": text} if place else {"background": text}


def refuse_alone(given: dict[str, Any]) -> None:
    """Refuse options of sequences where single frames are asked."""
    from glimt.core.errors import OptionError

    if given:
        raise OptionError(f"--{next(iter(given))} is for sequences; add --sequences N")


def parse_range(text: str, option: str) -> tuple[float, float]:
    """Read `4` or `2-12` as a pair of numbers."""
    from glimt.core.errors import OptionError

    low, dash, high = text.partition("-")
    try:
        return float(low), float(high if dash else low)
    except ValueError as error:
        raise OptionError(f"{option}: {text!r} is not a number or a range such as 1-4") from error
