"""`glimt demo`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from glimt.cli.console import AsJson, Overwrite

if TYPE_CHECKING:
    from glimt.inference.bench import Case
    from glimt.report.comparison import Strip
    from glimt.report.page import Section

LABELERS = ("box", "pmg", "pamg", "fuse")
SHOWN = ("pmg", "pamg", "fuse")  # in pictures
STRIPS = 12  # targets shown on the page


def demo(
    out: Annotated[Path, typer.Argument(help="Folder for the frames, the masks and report.html.")] = Path("runs/demo"),
    frames: Annotated[int, typer.Option(help="How many synthetic frames.", min=3)] = 100,
    seed: Annotated[int, typer.Option(help="The same seed gives the same demo.", min=0)] = 0,
    epochs: Annotated[int, typer.Option(help="How long the two detectors learn; 0 leaves them out.", min=0)] = 50,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Go the whole way on synthetic frames: points, masks, a detector from clicks, scores, a page.

    Example: glimt demo runs/demo
    """
    from glimt.cli.bench import COLUMNS, cases_of, show_scores
    from glimt.cli.console import print_json, say, track
    from glimt.cli.demo_detectors import show_rows
    from glimt.core.files import claim_output
    from glimt.data.synthetic import SceneOptions, write_scenes
    from glimt.inference.bench import score_labeler
    from glimt.labelers.make import make_labeler
    from glimt.report.comparison import comparison
    from glimt.report.page import write_page

    claim_output(out, overwrite)
    scenes, options = out / "scenes", SceneOptions()
    write_scenes(scenes, frames, options, seed, True, lambda numbers: track(numbers, "Drawing frames"))
    cases = cases_of(scenes, None, None, "interior", seed)
    write_masks(out / "labels", cases)
    scores = {name: score_labeler(make_labeler(name), track(cases, name)).to_json() for name in LABELERS}
    rows = {name: {column: score[column] for column in COLUMNS} for name, score in scores.items()}
    lead = f"{frames} synthetic frames, one click anywhere inside each target. Prior: point only."
    detectors, section = detectors_of(out, scenes, epochs, seed)
    sections = [*comparison(rows, strips_of(cases)), *([section] if section else [])]
    write_page(out / "report.html", "From clicks to a detector", lead, sections)
    if as_json:
        print_json(scores | {"detectors": detectors})
        return
    show_scores(f"{frames} synthetic frames, random clicks inside the targets, prior: point only", scores)
    if detectors:
        show_rows(detectors, ("point only, clicks given", "point only", "mask-trained"))
    say(f"the page to look at: {out / 'report.html'}")


def detectors_of(out: Path, scenes: Path, epochs: int, seed: int) -> "tuple[dict[str, Any], Section | None]":
    """The rows of the labeler and of both detectors, and their part of the page; nothing where they are left out."""
    from importlib.util import find_spec

    from glimt.cli.console import say
    from glimt.cli.demo_detectors import score_detectors, score_on_test, section_of, train_detectors

    if not epochs:
        return {}, None
    if find_spec("torch") is None:
        say("no detector is trained: this needs pip install 'glimt[train]'")
        return {}, None
    models = train_detectors(scenes, out / "detectors", epochs, seed)
    rows = {"labeler fuse": score_on_test("fuse", scenes, seed), **score_detectors(models, scenes)}
    return rows, section_of(models, rows, scenes)


def write_masks(out: Path, cases: "list[Case]") -> None:
    """The masks of `fuse` and their table, as `glimt label` writes them."""
    from glimt.cli.console import track
    from glimt.inference.label import LabelledFolder, label_frames
    from glimt.labelers.make import make_labeler

    by_id = {case.id: (case.image, case.points) for case in cases}
    folder = LabelledFolder(out)
    folder.open({"labeler": "fuse", "options": {}}, overwrite=True)
    groups = label_frames(track(list(by_id), "Labelling"), by_id.__getitem__, make_labeler("fuse"), folder, {})
    folder.close(row for rows in groups for row in rows)


def strips_of(cases: "list[Case]") -> "list[Strip]":
    """Targets of evenly spread frames, then those on which `fuse` did worst."""
    from glimt.inference.bench import compare_targets
    from glimt.labelers.make import make_labeler

    fuse, shown = make_labeler("fuse"), []
    for case in cases:
        ious = compare_targets(fuse(case.image, case.points), case.true)[0]
        shown += [(float(iou), case, i) for i, iou in enumerate(ious)]
    even = shown[:: max(1, len(shown) // (STRIPS // 2))][: STRIPS // 2]
    worst = sorted((item for item in shown if item not in even), key=lambda item: item[0])[: STRIPS // 2]
    return [strip_of(case, i) for _, case, i in (*even, *worst)]


def strip_of(case: "Case", i: int) -> "Strip":
    """One target as every labeler drew it."""
    from glimt.inference.bench import compare_targets
    from glimt.labelers.make import make_labeler
    from glimt.report.comparison import Strip

    masks: dict[str, Any] = {}
    notes: dict[str, str] = {}
    for name in SHOWN:
        drawn = make_labeler(name)(case.image, case.points)
        masks[name] = drawn > 0
        notes[name] = f"IoU {compare_targets(drawn, case.true)[0][i]:.2f}"
    return Strip(case.id, case.image, case.points, masks, case.true, i, notes)
