"""What each part of EDGSP is worth (paper 004, Table 3 and Fig. 5): `python benchmarks/ablation.py DATASET`.

Trains the rows of Table 3, and networks on squares around a point at three sizes, without (Fig. 5, dashed) and with
EDGSP (solid); scores them on the test split from centroids. Ours is M5 with BBM, which changes no training. A training
that was stopped goes on, what is finished is not done again: stop and start at will.
"""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from functools import partial
from pathlib import Path
from typing import Any

import torch
from kept import kept, scores_of
from record import write_result
from trainings import add_settings, chosen, score_file, trained

from glimt.cli.bench import cases_of
from glimt.core.catalog import build
from glimt.data.dataset import open_dataset
from glimt.inference.evaluate import evaluate_model
from glimt.inference.labeler import Learned
from glimt.inference.model import load_model
from glimt.inference.predict import Asking
from glimt.metrics import PROFILES
from glimt.metrics.evaluate import Evaluation, evaluate
from glimt.metrics.pair import Pair
from glimt.metrics.profile import Profile
from glimt.tasks.prompted import matched
from glimt.training.run import Run

SIZES = (32, 64, 128)  # px, of the squares; the paper has six


@dataclass(frozen=True)
class Row:
    """One row: what it trains (`training`, None for its own), and how the network is asked."""

    task: Mapping[str, Any]  # options of the task `prompted`
    training: str | None = None
    match: bool = False
    around: int | None = None


ALONE = {"prompt": "none", "edges": False, "second": False, "match": False}
FULL = {"prompt": "gaussian", "edges": True, "second": True, "match": False}
ROWS = {
    "M1": Row(ALONE),
    "M2": Row(ALONE | {"prompt": "point"}),
    "M3": Row(ALONE | {"prompt": "gaussian"}),
    "M4": Row(FULL | {"second": False}),
    "M5": Row(FULL),
    "Ours": Row(FULL, training="M5", match=True),
    **{f"centre {size}": Row(ALONE, around=size) for size in SIZES},
    **{f"centre {size} with EDGSP": Row(FULL, around=size) for size in SIZES},
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Train and score what is left of each row, and write the result."""
    asked = parse(arguments)
    torch.set_num_threads(1)
    splits = open_dataset(asked.dataset).splits()
    train, test = chosen(splits, "train"), chosen(splits, "test")
    rows = {}
    for name, row in ROWS.items():
        if any(fnmatch(name, pattern) for pattern in asked.rows.split(",")):
            run = learnt(name, row, {"data.train": train, "data.test": test}, asked)
            rows[name] = kept(score_file(run, name), partial(measured, run, row, asked.dataset, test))
    facts = {"dataset": asked.dataset.name, "split": f"{train} -> {test}", "points": "centroid", "profile": "edgsp"}
    write_result("ablation", {**facts, "network": asked.network, "epochs": asked.epochs, "rows": rows})


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--rows", default="*", help=f"patterns with commons between; of {', '.join(ROWS)}")
    add_settings(parser, epochs=100)
    return parser.parse_args(arguments)


def learnt(name: str, row: Row, splits: Mapping[str, str], asked: argparse.Namespace) -> Run:
    """The finished training of a row."""
    begun = (row.training or name).replace(" ", "_")
    changes = {"data.root": str(asked.dataset), **splits}
    changes |= {"task": {"name": "prompted", "loss": "bce", **row.task}}
    if row.around is not None:
        changes |= {"data.augment": {"name": "centre", "size": row.around}}
    folder = f"ablation_{asked.dataset.name}_{asked.network}_{asked.epochs}_{begun}"
    return trained(folder, "edgsp_acm.yaml", changes, asked)


def measured(run: Run, row: Row, dataset: Path, split: str) -> dict[str, Any]:
    """The scores of a row, and what it rests on."""
    labeler = Learned(run.root, around=row.around)
    score = whole(run, row, dataset, split) if row.around is None else around(labeler, dataset, split)
    return {"prior": labeler.prior, **scores_of(score)}


def whole(run: Run, row: Row, dataset: Path, split: str) -> Evaluation:
    """The scores of a network that is shown whole frames."""
    model = load_model(run.root)
    if row.match:
        model = replace(model, task=replace(model.task, finish=matched))
    return evaluate_model(model, open_dataset(dataset).records(split), edgsp(), Asking(model.pad))


def around(labeler: Learned, dataset: Path, split: str) -> Evaluation:
    """The scores of a network that is shown the square around each point."""
    return evaluate(drawn(labeler, dataset, split), edgsp())


def drawn(labeler: Learned, dataset: Path, split: str) -> Iterator[Pair]:
    """What a labeler draws from centroids, beside what is true."""
    for case in cases_of(dataset, None, split, "centroid", 0):
        yield Pair(labeler(case.image, case.points) > 0, case.true, id=case.id)


def edgsp() -> Profile:
    """The protocol of the paper."""
    return build(PROFILES, "edgsp", {}, "profile")


if __name__ == "__main__":
    main()
