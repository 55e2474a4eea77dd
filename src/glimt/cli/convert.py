"""`glimt convert`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from glimt.cli.console import AsJson, LayoutName, Overwrite, SplitName

if TYPE_CHECKING:
    from glimt.data.convert import Source


def convert(
    source: Annotated[
        Path, typer.Argument(help="Dataset, COCO or LabelMe file, points.csv, or project.glimt.db.", exists=True)
    ],
    out: Annotated[Path, typer.Argument(help="Folder to write to; for points also a .csv file.")],
    to: Annotated[str, typer.Option(help="Format: coco, yolo, voc, labelme, png or points.")],
    masks: Annotated[Path | None, typer.Option(help="Folder of masks to use instead, named as the frames.")] = None,
    points: Annotated[Path | None, typer.Option(help="Clicks to add: points.csv, COCO, LabelMe.")] = None,
    kind: Annotated[
        str | None, typer.Option(help="Draw clicks: centroid, floor, coarse, interior, boundary or offset-PX.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the clicks.", min=0)] = 0,
    snap: Annotated[
        int | None, typer.Option(metavar="PX", help="Move each point to the strongest extremum so near.", min=1)
    ] = None,
    layout: LayoutName = None,
    split: SplitName = None,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Turn a dataset of any layout into another format.

    Frames are copied as they are; frames without any label are left out.

    Example: glimt convert SIRST sirst_coco --to coco --split train_SIRST
    """
    import numpy as np

    from glimt.cli.console import print_json, say, track
    from glimt.core.files import claim_output
    from glimt.data import convert as house

    if points is not None:
        house.refuse_clicks(to, f"--points {points}")
    loaded = with_extras(load(source, layout, split), masks, points)
    claim_output(out, overwrite)
    if snap is not None:
        house.refuse_clicks(to, f"--snap {snap}")
        loaded = house.with_snapped(loaded, snap, lambda records: track(records, "Looking"))
    rng = np.random.default_rng(seed)
    done = house.convert(loaded, out, to, kind, rng, lambda records: track(records, "Converting"))
    if as_json:
        print_json({"out": str(out), "format": to, "kind": kind, "seed": seed} | vars(done))
        return
    say(f"{done.targets} targets of {done.frames} frames are in {out}, as {to}")
    if done.left_out:
        say(f"{done.left_out} frames have no label and were left out")


def load(source: Path, layout: str | None, split: str | None) -> "Source":
    """A dataset, a table of clicks, or what was accepted in a project of `glimt annotate`."""
    from glimt.data import convert as house

    if not source.name.endswith(".glimt.db"):
        return house.load(source, layout, split)
    from glimt.annotate.exports import labelled_in

    return labelled_in(source, split)


def with_extras(source: "Source", masks: Path | None, points: Path | None) -> "Source":
    """The source with masks or clicks from elsewhere."""
    from glimt.data.convert import with_masks, with_points

    source = source if masks is None else with_masks(source, masks)
    return source if points is None else with_points(source, points)
