"""How well trained networks draw masks from points (paper 004, Tables 1 and 2): `python benchmarks/prompted.py RUN...`.

Each run draws the masks of its dataset's test splits from four kinds of clicks, beside labelers that have learnt
nothing; seed 0, profile `basicirstd`. Then it is scored as Table 2 does, under `edgsp`: a network that is shown points
with centroids, any other without. What is finished is kept in `runs/` and not done again. `all` pools the splits.
"""

import argparse
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch
from kept import kept, picked, pooled, scores_of
from record import write_result

from glimt.cli.bench import cases_of
from glimt.core.catalog import build
from glimt.data.dataset import open_dataset
from glimt.inference.bench import score_labeler
from glimt.inference.evaluate import evaluate_model
from glimt.inference.labeler import Learned
from glimt.inference.model import load_model
from glimt.inference.predict import Asking
from glimt.labelers.labeler import Labeler
from glimt.labelers.make import make_labeler, prior_of
from glimt.metrics import PROFILES
from glimt.training.read_config import load_config

KINDS = ("centroid", "coarse", "boundary", "offset-2")
PLAIN = ("fuse", "pmg", "pamg")
UNION = "test_all"  # of benchmarks/union.py: the other test splits once more
PLACE = Path("runs") / "prompted"


def main(arguments: Sequence[str] | None = None) -> None:
    """Score what is left, and write the result."""
    asked = parse(arguments)
    torch.set_num_threads(1)
    dataset = asked.dataset or load_config(asked.runs[0] / "config.yaml").data.root
    splits = test_splits(dataset)
    rows = {name: of_labeler(name, make_labeler(name), dataset, splits) for name in PLAIN}
    rows |= {run.name: of_run(run, dataset, splits) for run in asked.runs}
    facts = {"dataset": dataset.name, "profile": "basicirstd", "profile of table 2": "edgsp", "seed": 0}
    write_result("prompted", {**facts, "labelers": rows})


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", type=Path, nargs="+", help="run folders of `glimt train`")
    parser.add_argument("--dataset", type=Path, help="a dataset with test splits; that of the first run without it")
    return parser.parse_args(arguments)


def test_splits(dataset: Path) -> list[str]:
    """The test splits that are no union of others."""
    return [name for name in open_dataset(dataset).splits() if name.startswith("test") and name != UNION]


def of_run(run: Path, dataset: Path, splits: Sequence[str]) -> dict[str, Any]:
    """A network as a labeler, and under the protocol of Table 2."""
    labeler = Learned(run)
    name = f"{run.name}-{labeler.digest[:8]}"  # trained anew, it is scored anew
    place = PLACE / dataset.name / name
    model = load_model(run)
    table2 = {split: kept(place / f"{split}.json", partial(as_table2, run, dataset, split)) for split in splits}
    shown = {"shown points": model.task.needs_points, "model": model.name}
    return {**of_labeler(name, labeler, dataset, splits), **shown, "table 2": with_all(table2)}


def of_labeler(name: str, labeler: Labeler, dataset: Path, splits: Sequence[str]) -> dict[str, Any]:
    """A labeler on every split and kind of click."""
    scores = {}
    for kind in KINDS:
        files = {split: PLACE / dataset.name / name / f"{split}-{kind}.json" for split in splits}
        scores[kind] = with_all(
            {split: kept(file, partial(drawn, labeler, dataset, split, kind)) for split, file in files.items()}
        )
    return {"prior": prior_of(labeler), "scores": scores}


def with_all(parts: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The scores of each split, and of all frames where there are several."""
    return parts | ({"all": pooled(list(parts.values()))} if len(parts) > 1 else {})


def drawn(labeler: Labeler, dataset: Path, split: str, kind: str) -> dict[str, Any]:
    """The scores of the masks that are drawn from one kind of click."""
    found = score_labeler(labeler, cases_of(dataset, None, split, kind, 0))
    return {**picked(found.values, found.counts), "miou": found.values["miou"]}


def as_table2(run: Path, dataset: Path, split: str) -> dict[str, Any]:
    """The scores of a network that is given centroids if it was trained with points, and nothing if not."""
    model = load_model(run)
    rules = build(PROFILES, "edgsp", {}, "profile")
    return scores_of(evaluate_model(model, open_dataset(dataset).records(split), rules, Asking(model.pad)))


if __name__ == "__main__":
    main()
