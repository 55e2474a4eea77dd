"""`glimt report`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from glimt.cli.console import AsJson, Overwrite

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGE = "labels.html"  # in the run, where nothing else is named


def report(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run that changes labels.", exists=True)],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help=f"The page; RUN/{PAGE}, written anew, when left out.")
    ] = None,
    most: Annotated[int, typer.Option(metavar="N", help="Show at most the N worst targets.", min=1)] = 200,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Make a page on how each target's label moved while a run learnt.

    The run may still be going on. Frames are shown where its dataset is still there.

    Example: glimt report runs/lesps --most 50
    """
    from glimt.cli.console import print_json
    from glimt.core.files import claim_output
    from glimt.report.evolution import evolution_page
    from glimt.training.run import Run

    if out is not None:
        claim_output(out, overwrite)
    said = evolution_page(out or run / PAGE, Run(run), most)
    print_json(said) if as_json else show(said)


def show(said: "Mapping[str, Any]") -> None:
    """Print where the page is, and what there is to see."""
    from glimt.cli.console import say

    alarms = ", ".join(f"{said[kind]} {kind}" for kind in ("lost", "merged", "grown"))
    iou = f", mean IoU {said['iou']:.3f}" if "iou" in said else ""
    say(
        f"{said['targets']} targets after the update of epoch {said['last_update']}: mean area {said['area']} px{iou}, "
        f"{alarms}: {said['page']}"
    )
