"""`glimt label`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from glimt.cli.console import AsJson, LayoutName, Overwrite, SplitName

if TYPE_CHECKING:
    from glimt.inference.inputs import Inputs
    from glimt.inference.label import LabelledFolder
    from glimt.labelers.calibrate import Calibration
    from glimt.labelers.table import LabelRow


def label(
    frames: Annotated[
        Path, typer.Argument(help="Folder of frames, dataset in a known layout, video or TIFF stack.", exists=True)
    ],
    points: Annotated[
        Path, typer.Argument(help="Clicks: points.csv (image,row,col), one-pixel masks, COCO, LabelMe.", exists=True)
    ],
    out: Annotated[Path, typer.Argument(help="Folder for masks/ and labels.csv.")],
    labeler: Annotated[
        str, typer.Option(help="Labeler to draw with (`glimt list labelers`), or a trained RUN|CHECKPOINT.")
    ] = "fuse",
    set: Annotated[
        list[str], typer.Option(metavar="KEY=VALUE", help="Change an option of the labeler, e.g. tau=0.3.")
    ] = [],
    calibrate: Annotated[
        Path | None, typer.Option(help="Folder of a few reviewed masks: choose fuse's tau from them.")
    ] = None,
    review: Annotated[int, typer.Option(metavar="N", help="List the N least trustworthy masks.", min=0)] = 0,
    overlays: Annotated[
        bool, typer.Option("--overlays", help="Also write overlays/: frames with the outlines drawn.")
    ] = False,
    raw: Annotated[
        str | None, typer.Option(help="Frames without header: dtype and shape, e.g. uint16:480x640.")
    ] = None,
    layout: LayoutName = None,
    split: SplitName = None,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Draw a mask around each point label.

    A stopped run goes on where it was when the same command is given again.

    Example: glimt label images/ points.csv labels/ --labeler fuse --review 20
    """
    from glimt.cli.console import print_json, say, track
    from glimt.inference.inputs import open_inputs
    from glimt.inference.label import LabelledFolder, label_frames
    from glimt.labelers.make import make_labeler

    inputs, options, reviewed = open_inputs(frames, points, layout, split, raw), options_of(set), 0
    ids = list(inputs.clicks)
    if calibrate:
        found = run_calibration(calibrate, inputs, labeler, options)
        options |= {"tau": found.tau} if found.tau else {}
        reviewed = found.targets
        report_calibration(found)
    folder, drawer = LabelledFolder(out), make_labeler(labeler, options)
    settings = {"labeler": labeler, "options": options, **rests_on(drawer, reviewed)}
    settings |= {"frames": len(ids), "clicks": inputs.digest()}
    done = folder.open(settings, overwrite)
    if done:
        say(f"going on: {len(done)} of {len(ids)} frames were labelled before")
    groups = label_frames(track(ids, "Labelling"), inputs.read, drawer, folder, done)
    rows = [row for group in groups for row in group]
    folder.close(rows)
    if overlays:
        write_overlays(folder, inputs)
    summary = summary_of(out, settings, rows)
    if as_json:
        print_json(summary | {"review": [row._asdict() for row in doubtful(rows, review)]})
    else:
        show(summary, doubtful(rows, review))


def options_of(assignments: list[str]) -> dict[str, Any]:
    """`key=value` texts as a dict; values are read as YAML, so numbers are numbers."""
    import yaml

    from glimt.core.errors import OptionError

    options = {}
    for text in assignments:
        key, equals, value = text.partition("=")
        if not equals or not key:
            raise OptionError(f"--set {text}: write it as key=value")
        options[key] = yaml.safe_load(value)
    return options


def rests_on(drawer: Any, reviewed: int) -> dict[str, Any]:
    """What a person gave for the masks, the `reviewed` ones of a calibration too, and what was learnt."""
    from glimt.labelers.make import prior_of

    prior = f"{reviewed} reviewed masks" if reviewed else prior_of(drawer)
    return {"prior": prior} | ({"sha256": drawer.digest} if hasattr(drawer, "digest") else {})


def run_calibration(folder: Path, inputs: "Inputs", labeler: str, options: dict[str, Any]) -> "Calibration":
    """Choose tau from the masks in `folder`; only `fuse` has one."""
    from glimt.core.errors import OptionError
    from glimt.inference.review import reviewed_frames
    from glimt.labelers.calibrate import calibrate
    from glimt.labelers.make import make_labeler

    if labeler != "fuse":
        raise OptionError(f"--calibrate chooses the tau of fuse; {labeler} has none")
    fuse: Any = make_labeler(labeler, options)
    return calibrate(reviewed_frames(folder, inputs), fuse)


def report_calibration(found: "Calibration") -> None:
    """Say what was chosen, and what the choice rests on."""
    from glimt.cli.console import say
    from glimt.labelers.calibrate import FEWEST

    best = max(found.scores.values())
    chosen = f"tau {found.tau:g}" if found.tau else "no tau"
    own = found.scores["own"]
    say(f"calibrated on {found.targets} reviewed masks: {chosen}; mean IoU {best:.3f}, without tau {own:.3f}")
    if found.targets < FEWEST:
        say(f"fewer than {FEWEST} reviewed masks: the choice may be luck")


def write_overlays(folder: "LabelledFolder", inputs: "Inputs") -> None:
    """One picture a frame with the outlines of its masks."""
    from glimt.cli.console import track
    from glimt.core.files import write_png
    from glimt.core.frames import read_mask
    from glimt.report.overlay import overlay

    for id in track(list(inputs.clicks), "Drawing overlays"):
        image, points = inputs.read(id)
        scale = max(1, 1024 // max(image.shape))
        picture = overlay(image, read_mask(folder.mask(id)), points=points, scale=scale)
        write_png(folder.root / "overlays" / f"{id}.png", picture[..., ::-1])


def doubtful(rows: "list[LabelRow]", most: int) -> "list[LabelRow]":
    """The masks to look at first."""
    from glimt.labelers.table import review_list

    return review_list(rows, most)


def summary_of(out: Path, settings: dict[str, Any], rows: "list[LabelRow]") -> dict[str, Any]:
    """What was drawn, in a few numbers."""
    import statistics

    areas = [row.area for row in rows if row.area]
    return {
        "out": str(out),
        **{key: settings[key] for key in ("labeler", "options", "prior", "frames")},
        "targets": len(rows),
        "without_mask": len(rows) - len(areas),
        "median_area": statistics.median(areas) if areas else None,
        "single_pixels": sum(area == 1 for area in areas),
    }


def show(summary: dict[str, Any], first: "list[LabelRow]") -> None:
    """Print the summary, and the list to review."""
    from glimt.cli.console import print_table, say

    drawn = summary["targets"] - summary["without_mask"]
    say(
        f"{drawn} masks in {summary['frames']} frames by {summary['labeler']}, median area "
        f"{summary['median_area']} px, {summary['single_pixels']} of a single pixel: {summary['out']}"
    )
    if summary["without_mask"]:
        say(f"{summary['without_mask']} of {summary['targets']} points got no mask: their area in labels.csv is 0")
    if first:
        names = ("image", "target", "point_row", "point_col", "area", "scr", "rho", "quality")
        rows = [[getattr(row, name) for name in names] for row in first]
        print_table("Look at these first", names, rows)
