"""`glimt evaluate`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from glimt.cli.console import AsJson, Overwrite

if TYPE_CHECKING:
    from glimt.metrics.evaluate import Evaluation
    from glimt.metrics.folders import Paired
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
    strict: Annotated[bool, typer.Option("--strict", help="Refuse images that only one of the folders holds.")] = False,
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
    paired = pair_files(found, true, frames, strict)
    if out:
        claim_output(out, overwrite)
    pairs = (read_pair(pair) for pair in track(paired.files, "Scoring"))
    result = score(pairs, rules, curves_and_bins(), bootstrap)
    if out:
        write_reports(out, result, rules, paired)
    if as_json:
        print_json(result.summary() | leftovers(paired))
    else:
        show(result)
    warn(result, paired)


def load_profile(name: str, threshold: float | None) -> "Profile":
    """The protocol, under another threshold if one is given."""
    from dataclasses import replace

    from glimt.core.catalog import build
    from glimt.metrics import PROFILES

    rules = build(PROFILES, name, {}, "profile")
    return rules if threshold is None else replace(rules, threshold=threshold)


def leftovers(paired: "Paired") -> dict[str, int]:
    """How many images only one of the folders holds, and so are not scored."""
    return {"only_found": len(paired.only_found), "only_true": len(paired.only_true)}


def write_reports(out: Path, result: "Evaluation", rules: "Profile", paired: "Paired") -> None:
    """Write report.json, and report.html with the worst images."""
    import json

    from glimt.core.files import write_text
    from glimt.metrics.evaluate import worst
    from glimt.metrics.folders import read_pair
    from glimt.report.evaluation import evaluation_page

    write_text(out / "report.json", json.dumps(result.to_json() | leftovers(paired), indent=1) + "\n")
    by_id = {pair.id: pair for pair in paired.files}
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


def warn(result: "Evaluation", paired: "Paired") -> None:
    """Say what makes a score mean less than it seems, though it is no error."""
    from glimt.cli.console import say

    if paired.only_true:
        say(f"NOT SCORED: {len(paired.only_true)} true masks have no found map; --strict refuses this")
    if paired.only_found:
        say(f"not scored: {len(paired.only_found)} found maps have no true mask")
    for name, what in (("true_pixels", "no true target in any mask"), ("found_pixels", "nothing is found anywhere")):
        if not result.counts[name]:
            say(f"{what}; a mask holds 0 and 255 (65535 with 16 bits), not 0 and 1")
