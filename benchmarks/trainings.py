"""Trainings of a benchmark: a config of `configs/points`, some settings changed, in a run that can be stopped."""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from glimt.inference.places import digest_of
from glimt.training.read_config import load_config
from glimt.training.run import Run
from glimt.training.train import train

CONFIGS = Path(__file__).parents[1] / "configs" / "points"
RUNS = Path("runs")


def trained(name: str, config: str, changes: Mapping[str, Any], asked: argparse.Namespace) -> Run:
    """The finished run `runs/<name>`; what was stopped goes on.

    `changes` stand above the settings of the command line, and both above those of the config.
    """
    common = [f"network={asked.network}", f"epochs={asked.epochs}", "keep=[last]"]
    own = [f"{key}={json.dumps(value)}" for key, value in changes.items()]
    run = Run(RUNS / name)
    train(load_config(CONFIGS / config, [*common, *asked.set, *own]), run.root)
    return run


def add_settings(parser: argparse.ArgumentParser, epochs: int) -> None:
    """The options that every training has."""
    parser.add_argument("--network", default="acm")
    parser.add_argument("--epochs", type=int, default=epochs)
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="a setting of every training")


def score_file(run: Run, name: str) -> Path:
    """Where the scores of the weights of a run are kept."""
    return run.root / f"{name}-{digest_of(run.root)[:8]}.json"


def chosen(splits: Sequence[str], part: str) -> str:
    """The split for training or testing: that of a union of datasets, else the only one whose name begins so."""
    return f"{part}_all" if f"{part}_all" in splits else part
