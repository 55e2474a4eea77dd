"""`glimt evaluate`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from glimt.cli.console import AsJson, LayoutName, Overwrite, SplitName
from glimt.cli.model_options import (
    Device,
    Masks,
    NetworkName,
    Pad,
    Support,
    Tile,
    Tta,
    asking_of,
    drawing_of,
    open_model,
)

if TYPE_CHECKING:
    from glimt.cli.evaluate_sources import Source
    from glimt.metrics.evaluate import Evaluation
    from glimt.metrics.profile import Profile


def evaluate(
    found: Annotated[Path, typer.Argument(metavar="FOUND|DATASET", help="Found masks or score maps; else a dataset.")],
    true: Annotated[Path | None, typer.Argument(help="True masks of the same names; a dataset brings its own.")] = None,
    profile: Annotated[str, typer.Option(help="Protocol to score by (`glimt list profiles`).")] = "basicirstd",
    threshold: Annotated[
        float | None,
        typer.Option(help="Score above which a pixel is found; the profile's when left out.", min=0, max=1),
    ] = None,
    frames: Annotated[Path | None, typer.Option(help="The frames: adds contrast and rho bins, and overlays.")] = None,
    checkpoint: Annotated[
        Path | None, typer.Option(help="Run, checkpoint or published weights: predict the dataset, then score.")
    ] = None,
    detector: Annotated[
        str | None, typer.Option(metavar="NAME", help="Classical detector to score (`glimt list detectors`).")
    ] = None,
    set: Annotated[
        list[str], typer.Option(metavar="KEY=VALUE", help="Change an option of the detector, e.g. side=9.")
    ] = [],
    network: NetworkName = None,
    split: SplitName = None,
    layout: LayoutName = None,
    tta: Tta = False,
    tile: Tile = None,
    pad: Pad = None,
    masks: Masks = None,
    support: Support = None,
    points: Annotated[
        str | None,
        typer.Option(
            metavar="KIND|FILE", help="Tell the model where targets are: a kind of click, or a file of clicks."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the clicks that are drawn.", min=0)] = 0,
    device: Device = "auto",
    out: Annotated[Path | None, typer.Option(help="Folder for report.json and report.html.", file_okay=False)] = None,
    bootstrap: Annotated[int, typer.Option(help="Resampled datasets for 95 % intervals, e.g. 1000.", min=0)] = 0,
    strict: Annotated[bool, typer.Option("--strict", help="Refuse images that only one of the folders holds.")] = False,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Score found masks or score maps against true masks, or a checkpoint or a classical detector on a dataset.

    Files pair by name without suffix; `_pixels0` is dropped. Frames of which only points are known are scored by
    --profile points.

    Example: glimt evaluate scores/ masks/ --profile basicirstd --frames images/ --out report/

    Example: glimt evaluate datasets/SIRST --split test --checkpoint runs/clicks

    Example: glimt evaluate datasets/DAUB --split seq05 --detector tllcm --profile points
    """
    from glimt.cli.evaluate_forms import refuse_mixed
    from glimt.cli.evaluate_sources import of_detector, of_folders, of_model
    from glimt.cli.label import options_of
    from glimt.core.files import claim_output
    from glimt.metrics.evaluate import curves_and_bins
    from glimt.metrics.evaluate import evaluate as score

    asked = {"--network": network, "--split": split, "--layout": layout, "--tta": tta, "--tile": tile, "--pad": pad}
    asked |= {"--masks": masks, "--support": support}
    asked |= {"--points": points, "--seed": seed or None, "--set": set or None}
    forms = {"TRUE": true, "--checkpoint": checkpoint, "--detector": detector}
    refuse_mixed(forms, asked | {"--frames": frames, "--strict": strict})
    rules = load_profile(profile, threshold)
    if out:
        claim_output(out, overwrite)
    if true is not None:
        source = of_folders(found, true, frames, strict)
    elif detector is not None:
        source = of_detector(detector, options_of(set), rules, (found, layout, split))
    else:
        assert checkpoint is not None
        model = open_model(checkpoint, network, threshold, device, drawing_of(masks, support))
        source = of_model(model, asking_of(model, pad, tta, tile), rules, (found, layout, split), (points, seed))
    result = score(source.pairs(), rules, curves_and_bins(rules.points), bootstrap)
    if out:
        write_reports(out, result, rules, source)
    tell(result, source, as_json)


def tell(result: "Evaluation", source: "Source", as_json: bool) -> None:
    """Print the score, then what makes it mean less than it seems."""
    from glimt.cli.console import print_json

    if as_json:
        print_json(result.summary() | source.notes)
    else:
        show(result, source.title)
    warn(result, source)


def load_profile(name: str, threshold: float | None) -> "Profile":
    """The protocol, under another threshold if one is given."""
    from dataclasses import replace

    from glimt.core.catalog import build
    from glimt.metrics import PROFILES

    rules = build(PROFILES, name, {}, "profile")
    return rules if threshold is None else replace(rules, threshold=threshold)


def write_reports(out: Path, result: "Evaluation", rules: "Profile", source: "Source") -> None:
    """Write report.json, and report.html with the worst images."""
    import json

    from glimt.core.files import write_text
    from glimt.metrics.evaluate import worst
    from glimt.report.evaluation import evaluation_page

    write_text(out / "report.json", json.dumps(result.to_json() | source.notes, indent=1) + "\n")
    cases = [source.pair(row.id) for row in worst(result, 8)]
    evaluation_page(out / "report.html", result, rules, cases)


def show(result: "Evaluation", what: str) -> None:
    """Print each value with the counts behind it."""
    from glimt.cli.console import print_table
    from glimt.report.evaluation import by_sequence
    from glimt.report.values import raw
    from glimt.report.values import show as written

    rows = []
    for name, value in result.values.items():
        low_high = result.intervals.get(name)
        between = [f"{written(name, low_high[0])} to {written(name, low_high[1])}" if low_high else ""]
        rows.append([name, written(name, value), raw(name, result.counts), *(between if result.intervals else [])])
    columns = ["value", "measured", "counts", *(["95 % interval"] if result.intervals else [])]
    title = f"{what}{len(result.rows)} images, profile {result.profile}, threshold {result.threshold:g}"
    print_table(title, columns, rows)
    if len(result.sequences) > 1:
        print_table("by sequence", *by_sequence(result))


def warn(result: "Evaluation", source: "Source") -> None:
    """Say what makes a score mean less than it seems, though it is no error."""
    from glimt.cli.console import say

    if source.notes.get("only_true"):
        say(f"NOT SCORED: {source.notes['only_true']} true masks have no found map; --strict refuses this")
    if source.notes.get("only_found"):
        say(f"not scored: {source.notes['only_found']} found maps have no true mask")
    for name, what in (("true_pixels", "no true target in any mask"), ("found_pixels", "nothing is found anywhere")):
        if result.counts.get(name) == 0:
            say(f"{what}; a mask holds 0 and 255 (65535 with 16 bits), not 0 and 1")
