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
    labeler: Annotated[str, typer.Option(help="Labeler to draw with (`glimt list labelers`).")] = "fuse",
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

    inputs, options = open_inputs(frames, points, layout, split, raw), options_of(set)
    ids = list(inputs.clicks)
    if calibrate:
        found = run_calibration(calibrate, inputs, labeler, options)
        options |= {"tau": found.tau} if found.tau else {}
        report_calibration(found)
    folder, drawer = LabelledFolder(out), build_labeler(labeler, options)
    settings = {"labeler": labeler, "options": options, "frames": len(ids), "clicks": inputs.digest()}
    done = folder.open(settings, overwrite)
    if done:
        say(f"going on: {len(done)} of {len(ids)} frames were labelled before")
    groups = label_frames(track(ids, "Labelling"), inputs.read, drawer, folder, done)
    rows = [row for group in groups for row in group]
    folder.close(rows)
    if overlays:
        write_overlays(folder, inputs)
    summary = summary_of(out, labeler, options, len(ids), rows)
    if as_json:
        print_json(summary | {"review": [row._asdict() for row in reviewed(rows, review)]})
    else:
        show(summary, reviewed(rows, review))


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


def build_labeler(name: str, options: dict[str, Any]) -> Any:
    """The labeler of that name."""
    from glimt.core.catalog import build
    from glimt.labelers import LABELERS

    return build(LABELERS, name, options, "labeler")


def run_calibration(folder: Path, inputs: "Inputs", labeler: str, options: dict[str, Any]) -> "Calibration":
    """Choose tau from the masks in `folder`; only `fuse` has one."""
    from glimt.core.errors import OptionError
    from glimt.inference.review import reviewed_frames
    from glimt.labelers.calibrate import calibrate

    if labeler != "fuse":
        raise OptionError(f"--calibrate chooses the tau of fuse; {labeler} has none")
    return calibrate(reviewed_frames(folder, inputs), build_labeler(labeler, options))


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


def reviewed(rows: "list[LabelRow]", most: int) -> "list[LabelRow]":
    """The masks to look at first."""
    from glimt.labelers.table import review_list

    return review_list(rows, most)


def summary_of(out: Path, labeler: str, options: dict[str, Any], frames: int, rows: "list[LabelRow]") -> dict[str, Any]:
    """What was drawn, in a few numbers."""
    import statistics

    areas = [row.area for row in rows]
    return {
        "out": str(out),
        "labeler": labeler,
        "options": options,
        "frames": frames,
        "targets": len(rows),
        "median_area": statistics.median(areas) if areas else None,
        "single_pixels": sum(area <= 1 for area in areas),
    }


def show(summary: dict[str, Any], doubtful: "list[LabelRow]") -> None:
    """Print the summary, and the list to review."""
    from glimt.cli.console import print_table, say

    say(
        f"{summary['targets']} masks in {summary['frames']} frames by {summary['labeler']}, median area "
        f"{summary['median_area']} px, {summary['single_pixels']} of a single pixel: {summary['out']}"
    )
    if doubtful:
        names = ("image", "target", "point_row", "point_col", "area", "scr", "rho", "quality")
        rows = [[getattr(row, name) for name in names] for row in doubtful]
        print_table("Look at these first", names, rows)
