"""`glimt bench`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from glimt.cli import bench_stream
from glimt.cli.console import AsJson, LayoutName, SplitName

if TYPE_CHECKING:
    from glimt.inference.bench import Case

app = typer.Typer(
    no_args_is_help=True, help="Measure: how well labelers draw on a dataset with true masks.", rich_markup_mode=None
)

COLUMNS = {
    "iou": "IoU",
    "miou": "mIoU",
    "niou": "nIoU",
    "pd": "Pd",
    "fa": "Fa",
    "f_at": "F_at",
    "area_ratio": "area ratio",
    "centroid_error": "centroid",
    "radius_error": "radius",
    "targets": "targets",
    "us_per_target": "a target",
}


@app.callback()
def bench() -> None:
    """Measure how well and how fast things are."""


app.command()(bench_stream.stream)


@app.command()
def labels(
    dataset: Annotated[Path, typer.Argument(help="Dataset with true masks.", exists=True)],
    split: SplitName = None,
    points: Annotated[
        str, typer.Option(help="Where each click lies: centroid, floor, coarse, interior, boundary, offset-PX.")
    ] = "centroid",
    seed: Annotated[int, typer.Option(help="Seed of the clicks.")] = 0,
    labelers: Annotated[
        str, typer.Option(help="Labelers by name, or runs by path, with commas between.")
    ] = "pmg,pamg,fuse,box",
    set: Annotated[
        list[str], typer.Option(metavar="KEY=VALUE", help="Change an option of a labeler, e.g. pmg.length=10.")
    ] = [],
    layout: LayoutName = None,
    as_json: AsJson = False,
) -> None:
    """Draw masks from clicks in the true targets, and score them.

    IoU is pooled over the dataset, mIoU is the mean over targets, nIoU over images; all rates are fractions.

    Example: glimt bench labels SIRST --split train_SIRST --points centroid --labelers pmg,pamg,fuse,box
    """
    from glimt.cli.console import print_json, track
    from glimt.inference.bench import score_labeler

    built = built_labelers(labelers, set)
    cases = cases_of(dataset, layout, split, points, seed)
    scores = {name: score_labeler(labeler, track(cases, name)).to_json() for name, labeler in built.items()}
    prior = priors_of(built)
    if as_json:
        facts = {"dataset": dataset.name, "split": split or "all", "points": points, "seed": seed, "prior": prior}
        print_json(scores | {"run": facts | {"profile": "basicirstd"}})
        return
    show_scores(f"{dataset.name} {split or 'all frames'}: {points} clicks, seed {seed}, prior: {prior}", scores)


def priors_of(built: dict[str, Any]) -> str:
    """What the masks rest on: one word where that is the same for all, else that of each that has learnt."""
    from glimt.labelers.make import POINTS, prior_of

    learnt = {name: prior_of(labeler) for name, labeler in built.items() if prior_of(labeler) != POINTS}
    return ", ".join([POINTS] * (len(learnt) < len(built)) + [f"{name} {prior}" for name, prior in learnt.items()])


def show_scores(title: str, scores: dict[str, dict[str, Any]]) -> None:
    """Print one line a labeler."""
    from glimt.cli.console import print_table
    from glimt.report.values import show

    rows = [[name, *(show(column, values[column]) for column in COLUMNS)] for name, values in scores.items()]
    print_table(title, ("labeler", *COLUMNS.values()), rows)


def cases_of(dataset: Path, layout: str | None, split: str | None, points: str, seed: int) -> "list[Case]":
    """Every frame of the split that has a true target, with its clicks. Raises DataError when none has."""
    import numpy as np

    from glimt.core.errors import DataError
    from glimt.data.dataset import open_dataset
    from glimt.data.points import points_from_mask
    from glimt.data.samples import read_place, true_mask
    from glimt.inference.bench import Case

    rng, cases = np.random.default_rng(seed), []
    for record in open_dataset(dataset, layout).records(split):
        image = read_place(record.place)
        mask = true_mask(record, image.shape)
        if mask is not None:
            cases.append(Case(record.id, image, mask, points_from_mask(mask, points, rng)))
    if not any(len(case.points) for case in cases):
        raise DataError(f"{dataset}: no true target to draw clicks from; this needs masks")
    return cases


def built_labelers(names: str, assignments: list[str]) -> dict[str, Any]:
    """Each labeler by its name, with the options meant for it."""
    from glimt.cli.label import options_of
    from glimt.core.errors import OptionError
    from glimt.labelers.make import make_labeler

    options: dict[str, dict[str, Any]] = {name.strip(): {} for name in names.split(",") if name.strip()}
    for key, value in options_of(assignments).items():
        name, _, option = key.rpartition(".")
        if name not in options or not option:
            raise OptionError(f"--set {key}: write it as labeler.option=value, with a labeler of {', '.join(options)}")
        options[name][option] = value
    return {name: make_labeler(name, own) for name, own in options.items()}
