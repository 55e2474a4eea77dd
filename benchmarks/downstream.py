"""Detectors trained on drawn labels (paper 004, Table 4): `python benchmarks/downstream.py DATASET RUN`.

RUN is a network of the task `prompted` that never saw the test split. The frames of that split are dealt into fifths;
in each fold a detector learns four of them, from labels by RUN, by fuse, or from true masks, and is scored on the
fifth. A training that was stopped goes on, what is finished is not done again.
"""

import argparse
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
import torch
from kept import VALUES, kept, scores_of
from record import write_result
from trainings import RUNS, add_settings, chosen, score_file, trained
from union import link

from glimt.core.catalog import build
from glimt.core.errors import DataError
from glimt.core.files import write_text
from glimt.data.dataset import open_dataset
from glimt.inference.evaluate import evaluate_model
from glimt.inference.model import load_model
from glimt.inference.predict import Asking
from glimt.metrics import PROFILES
from glimt.training.run import Run

FIFTHS = 5
WAYS: dict[str, tuple[str, str]] = {  # rows: the labeler, and the clicks that it is given
    "EDGSP": ("RUN", "centroid"),
    "EDGSP coarse": ("RUN", "coarse"),
    "fuse": ("fuse", "centroid"),
    "full": ("", "centroid"),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Train and score what is left of each fold, and write the result."""
    asked = parse(arguments)
    torch.set_num_threads(1)
    split = chosen(open_dataset(asked.dataset).splits(), "test")
    folder = RUNS / "downstream" / asked.dataset.name
    deal(asked.dataset, split, folder)
    rows = {way: mean_of([fold(way, i, folder, asked) for i in range(asked.folds)]) for way in WAYS}
    facts = {"dataset": asked.dataset.name, "split": f"4/5 -> 1/5 of {split}", "profile": "edgsp", "folds": asked.folds}
    facts |= {"labeler": asked.run.name, "network": asked.network, "epochs": asked.epochs}
    write_result("downstream", {**facts, "rows": rows})


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("run", type=Path, help="the run of `glimt train` that draws the labels")
    parser.add_argument("--folds", type=int, default=3, choices=range(1, FIFTHS + 1))
    add_settings(parser, epochs=100)
    return parser.parse_args(arguments)


def deal(dataset: Path, split: str, out: Path) -> None:
    """Link the frames of a split into a dataset of its own, with a list for training and testing a fold."""
    records = open_dataset(dataset).records(split)
    for record in records:
        for folder, file in (("images", record.image), ("masks", record.mask)):
            if file is None:
                raise DataError(f"{record.id} has no mask file; this needs true masks")
            (out / folder).mkdir(parents=True, exist_ok=True)
            link(out / folder / file.name, file.resolve())
    names = [record.image.stem for record in records]
    for i in range(FIFTHS):
        held = fifth(len(names), i)
        for part, wanted in (("train", False), ("test", True)):
            own = [name for k, name in enumerate(names) if (k in held) is wanted]
            write_text(out / "img_idx" / f"{part}_fold{i}.txt", "".join(f"{name}\n" for name in own))


def fifth(count: int, i: int) -> set[int]:
    """The frames held out in fold `i`: a fifth of them, no frame in two folds; always the same."""
    return set(np.random.default_rng(0).permutation(count)[i::FIFTHS].tolist())


def fold(way: str, i: int, folder: Path, asked: argparse.Namespace) -> dict[str, Any]:
    """The scores of one detector on the frames that its fold holds out."""
    drawer, clicks = WAYS[way]
    labeler = str(asked.run) if drawer == "RUN" else drawer
    recipe = {"name": "pseudo", "labeler": labeler} if labeler else "full"
    changes = {"data.root": str(folder), "data.train": f"train_fold{i}", "data.test": f"test_fold{i}"}
    changes |= {"data.points": clicks, "recipe": recipe}
    labels = f"{way.replace(' ', '_')}{f'_{asked.run.name}' * (drawer == 'RUN')}"
    name = f"downstream_{folder.name}_{asked.network}_{asked.epochs}_{labels}_{i}"
    run = trained(name, "edgsp_acm_unprompted.yaml", changes, asked)
    return kept(score_file(run, "score"), partial(measured, run, folder, f"test_fold{i}"))


def measured(run: Run, folder: Path, split: str) -> dict[str, Any]:
    """The scores of a detector, and what its labels rest on."""
    model = load_model(run.root)
    rules = build(PROFILES, "edgsp", {}, "profile")
    found = evaluate_model(model, open_dataset(folder).records(split), rules, Asking(model.pad))
    return {"prior": model.origin["prior"], **scores_of(found)}


def mean_of(folds: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The mean of each value over the folds, and the folds."""
    values = {name: mean(one[name] for one in folds) for name in VALUES}
    return {"prior": folds[0]["prior"], **values, "folds": list(folds)}


if __name__ == "__main__":
    main()
