"""`glimt evaluate`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from glimt.cli.console import AsJson, Overwrite

if TYPE_CHECKING:
    from glimt.metrics.evaluate import Evaluation
    from glimt.metrics.folders import Files
    from glimt.metrics.profile import Profile


def evaluate(
    found: Annotated[Path, typer.Argument(help="Folder of found masks or score maps, or one such image.")],
    true: Annotated[Path, typer.Argument(help="Folder of true masks of the same names, or one mask.")],
    profile: Annotated[str, typer.Option(help="Protocol to score by (`glimt list profiles`).")] = "basicirstd",
    threshold: Annotated[
        float | None,
        typer.Option(help="Score above which a pixel is found; the profile's when left out.", min=0, max=1),
    ] = None,
    frames: Annotated[Path | None, typer.Option(help="The frames: adds contrast and rho bins, and overlays.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for report.json and report.html.", file_okay=False)] = None,
    bootstrap: Annotated[int, typer.Option(help="Resampled datasets for 95 % intervals, e.g. 1000.", min=0)] = 0,
    common: Annotated[bool, typer.Option("--common", help="Score only the images that both folders hold.")] = False,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Score found masks or score maps against true masks.

    Files pair by name without suffix; `_pixels0` is dropped.

    Example: glimt evaluate scores/ masks/ --profile basicirstd --frames images/ --out report/
    """
    from glimt.cli.console import print_json, track
    from glimt.core.files import claim_output
    from glimt.metrics.evaluate import curves_and_bins
    from glimt.metrics.evaluate import evaluate as score
    from glimt.metrics.folders import pair_files, read_pair

    rules = load_profile(profile, threshold)
    files = pair_files(found, true, frames, common)
    if out:
        claim_output(out, overwrite)
    pairs = (read_pair(pair) for pair in track(files, "Scoring"))
    result = score(pairs, rules, curves_and_bins(), bootstrap)
    if out:
        write_reports(out, result, rules, files)
    if as_json:
        print_json(result.summary())
    else:
        show(result)
    warn(result)


def load_profile(name: str, threshold: float | None) -> "Profile":
    """The protocol, under another threshold if one is given."""
    from dataclasses import replace

    from glimt.core.catalog import build
    from glimt.metrics import PROFILES

    rules = build(PROFILES, name, {}, "profile")
    return rules if threshold is None else replace(rules, threshold=threshold)


def write_reports(out: Path, result: "Evaluation", rules: "Profile", files: "list[Files]") -> None:
    """Write report.json, and report.html with the worst images."""
    import json

    from glimt.core.files import write_text
    from glimt.metrics.evaluate import worst
    from glimt.metrics.folders import read_pair
    from glimt.report.evaluation import evaluation_page

    write_text(out / "report.json", json.dumps(result.to_json(), indent=1) + "\n")
    by_id = {pair.id: pair for pair in files}
    cases = [read_pair(by_id[row.id]) for row in worst(result, 8)]
    evaluation_page(out / "report.html", result, rules, cases)


def show(result: "Evaluation") -> None:
    """Print each value with the counts behind it."""
    from glimt.cli.console import print_table
    from glimt.report.values import raw
    from glimt.report.values import show as written

    rows = []
    for name, value in result.values.items():
        low_high = result.intervals.get(name)
        between = [f"{written(name, low_high[0])} to {written(name, low_high[1])}" if low_high else ""]
        rows.append([name, written(name, value), raw(name, result.counts), *(between if result.intervals else [])])
    columns = ["value", "measured", "counts", *(["95 % interval"] if result.intervals else [])]
    title = f"{len(result.rows)} images, profile {result.profile}, threshold {result.threshold:g}"
    print_table(title, columns, rows)


def warn(result: "Evaluation") -> None:
    """Say what makes a score meaningless though it is no error."""
    from glimt.cli.console import say

    for name, what in (("true_pixels", "no true target in any mask"), ("found_pixels", "nothing is found anywhere")):
        if not result.counts[name]:
            say(f"{what}; a mask holds 0 and 255 (65535 with 16 bits), not 0 and 1")
