"""`glimt predict`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from glimt.cli.console import AsJson, LayoutName, Overwrite, SplitName, print_json
from glimt.cli.model_options import (
    Device,
    Masks,
    NetworkName,
    Pad,
    Support,
    Tile,
    Tta,
    asking_of,
    clicks_for,
    drawing_of,
    open_model,
)
from glimt.cli.predict_stream import follow_source, refuse_with_stream, seer_for
from glimt.cli.predict_stream import show as show_stream

if TYPE_CHECKING:
    from glimt.inference.detections import Detection
    from glimt.inference.frames import PredictedFolder
    from glimt.inference.model import Model
    from glimt.inference.predict import Asking
    from glimt.inference.stream import Stream


def predict(
    model: Annotated[
        Path, typer.Argument(metavar="RUN|CHECKPOINT", help="Run of `glimt train`, a checkpoint, or published weights.")
    ],
    frames: Annotated[
        str,
        typer.Argument(
            metavar="FRAMES",
            help="Folder of frames, dataset in a known layout, one frame, video or TIFF stack; with --stream also the "
            "number of a camera or an address such as rtsp://.",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Argument(help="Folder for scores/, masks/ and targets.csv; predictions/<name of FRAMES> when left out."),
    ] = None,
    network: NetworkName = None,
    points: Annotated[
        Path | None, typer.Option(help="Clicks that tell where targets are, as `glimt label` takes them.", exists=True)
    ] = None,
    threshold: Annotated[
        float | None, typer.Option(help="Score above which a pixel is found; the model's when left out.", min=0, max=1)
    ] = None,
    tta: Tta = False,
    tile: Tile = None,
    pad: Pad = None,
    overlays: Annotated[
        bool, typer.Option("--overlays", help="Also write overlays/: frames with the outlines drawn.")
    ] = False,
    stream: Annotated[
        bool, typer.Option("--stream", help="Follow frames as they come: places, latencies, no score maps.")
    ] = False,
    masks: Masks = None,
    support: Support = None,
    fps: Annotated[
        float | None,
        typer.Option(help="With --stream: play a file at this pace, and drop what there is no time for.", min=0.001),
    ] = None,
    device: Device = "auto",
    raw: Annotated[
        str | None, typer.Option(help="Frames without header: dtype and shape, e.g. uint16:480x640.")
    ] = None,
    layout: LayoutName = None,
    split: SplitName = None,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Find the targets of frames with a trained network: score maps, masks and a list.

    A stopped run goes on where it was when the same command is given again; a stream does not.

    Example: glimt predict runs/clicks images/ found/ --tta

    Example: glimt predict runs/prompted images/ masks/ --points points.csv

    Example: glimt predict runs/rprnet clip.mp4 found/ --stream --overlays
    """
    from glimt.core.errors import OptionError

    if stream:
        refuse_with_stream({"--points": points, "--tta": tta, "--tile": tile, "--raw": raw})
        seer, name = seer_for(model, network, (threshold, device, pad), drawing_of(masks, support))
        summary = follow_source(seer, frames, out, (layout, split, fps), (masks is not None, overlays, overwrite))
    elif fps is not None or model.suffix == ".onnx":
        raise OptionError(("--fps goes" if fps else f"{model} is an ONNX file, which goes") + " with --stream; add it")
    else:
        asked = open_model(model, network, threshold, device, drawing_of(masks, support))
        name = asked.name
        asking = asking_of(asked, pad, tta, tile)
        summary = predict_all(
            asked, model, Path(frames), out, asking, (layout, split, raw), points, overlays, overwrite
        )
    if as_json:
        print_json(summary)
    else:
        (show_stream if stream else show)(summary, name)


def predict_all(
    model: "Model",
    path: Path,
    frames: Path,
    out: Path | None,
    asking: "Asking",
    chosen: tuple[str | None, str | None, str | None],
    points: Path | None,
    overlays: bool,
    overwrite: bool,
) -> dict[str, Any]:
    """Predict frame by frame into a folder. `chosen` is (layout, split, raw)."""
    from glimt.inference.frames import PredictedFolder
    from glimt.inference.inputs import fingerprint
    from glimt.inference.point_prompt import at_points
    from glimt.inference.stream import open_stream, with_clicks

    stream, folder = open_stream(frames, *chosen, model.task.span), PredictedFolder(out or place_of(frames))
    stream.refuse_inside(folder.root)
    settings = settings_of(path, frames, model, asking, stream)
    if points or model.task.needs_points:
        clicks = clicks_for(model, points, frames, stream, chosen[1])
        model, stream = at_points(model, model.threshold), with_clicks(stream, clicks)
        settings |= {"points": str(points), "clicks": fingerprint(clicks)}
    rows = fill(folder, stream, model, asking, settings, overwrite)
    if overlays:
        write_overlays(folder, stream)
    return summary_of(folder, model, len(stream.ids), rows)


def place_of(frames: Path) -> Path:
    """Where the output goes when nobody says; only files lose what stands behind a dot."""
    return Path("predictions") / (frames.stem if frames.is_file() else frames.resolve().name)


def settings_of(path: Path, frames: Path, model: "Model", asking: "Asking", stream: "Stream") -> dict[str, Any]:
    """What makes the same prediction again; a stopped run goes on only under equal settings."""
    from dataclasses import asdict

    from glimt.inference.places import digest_of

    named = {"model": model.name, "checkpoint": str(path), "sha256": digest_of(path), "threshold": model.threshold}
    return {
        **named,
        **asdict(asking),
        "frames": str(frames),
        "count": len(stream.ids),
        "ids": stream.digest(),
        "origin": dict(model.origin),
        **model.options,
    }


def fill(
    folder: "PredictedFolder",
    stream: "Stream",
    model: "Model",
    asking: "Asking",
    settings: dict[str, Any],
    overwrite: bool,
) -> "list[list[Detection]]":
    """Predict what is not done yet; the targets of every frame."""
    from glimt.cli.console import say, track
    from glimt.inference.frames import predict_frames

    done = folder.open(settings, overwrite)
    if done:
        say(f"going on: {len(done)} of {len(stream.ids)} frames were predicted before")
    groups = predict_frames(model, stream, folder, asking, done)
    rows = [group for _, group in zip(track(stream.ids, "Predicting"), groups, strict=True)]
    folder.close([row for group in rows for row in group])
    return rows


def write_overlays(folder: "PredictedFolder", stream: "Stream") -> None:
    """One picture a frame with the outlines of what was found."""
    from glimt.cli.console import track
    from glimt.core.files import write_png
    from glimt.core.frames import read_mask
    from glimt.report.overlay import overlay

    for _, sample in zip(track(stream.ids, "Drawing overlays"), stream.samples(()), strict=True):
        scale = max(1, 1024 // max(sample.image.shape))
        picture = overlay(sample.image, read_mask(folder.mask(sample.id)), scale=scale)
        write_png(folder.root / "overlays" / f"{sample.id}.png", picture[..., ::-1])


def summary_of(folder: "PredictedFolder", model: "Model", frames: int, rows: "list[list[Detection]]") -> dict[str, Any]:
    """What was found, in a few numbers."""
    import statistics

    areas = [row.area for group in rows for row in group]
    return {
        "out": str(folder.root),
        "model": model.name,
        "threshold": model.threshold,
        "frames": frames,
        "frames_with_targets": sum(map(bool, rows)),
        "targets": len(areas),
        "median_area": statistics.median(areas) if areas else None,
    }


def show(summary: dict[str, Any], name: str) -> None:
    """Print the summary in a line or two."""
    from glimt.cli.console import say

    size = f", median area {summary['median_area']:g} px" if summary["targets"] else ""
    say(
        f"{summary['targets']} targets in {summary['frames_with_targets']} of {summary['frames']} frames by "
        f"{name}{size}: {summary['out']}"
    )
    if not summary["targets"]:
        say(f"no score passes the threshold {summary['threshold']:g}; look at scores/, or lower --threshold")
