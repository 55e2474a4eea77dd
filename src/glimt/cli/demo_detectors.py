"""The second half of `glimt demo`: a detector trained from clicks alone, beside one trained from full masks."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from glimt.core.types import Record
    from glimt.inference.model import Model
    from glimt.report.page import Section

RECIPES = {"clicks": "pseudo", "masks": "full"}  # how each detector is taught
SHOWN = 8  # test frames on the page
COLUMNS = ("iou", "niou", "pd", "fa")


def train_detectors(scenes: Path, out: Path, epochs: int, seed: int) -> "dict[str, Model]":
    """Train the network `tiny` twice, on the same frames and for as long."""
    from glimt.cli.progress import training_progress
    from glimt.inference.model import load_model
    from glimt.training.read_config import parse
    from glimt.training.train import train

    models = {}
    for name, recipe in RECIPES.items():
        config = parse(settings(scenes, recipe, seed) | {"epochs": epochs}, "demo")
        with training_progress() as watch:
            train(config, out / name, overwrite=True, watch=watch)
        models[name] = load_model(out / name)
    return models


def settings(scenes: Path, recipe: str, seed: int) -> dict[str, Any]:
    """Those of configs/tiny_clicks.yaml, on the demo's frames."""
    from glimt.data.dataset import open_dataset

    frames = len(open_dataset(scenes).records("train"))
    return {
        "data": {"root": str(scenes), "val": None, "points": "interior"},
        "network": "tiny",
        "task": {"loss": {"bce": {}, "soft_iou": {}}},
        "recipe": recipe,
        "optimizer": {"name": "adam", "lr": 0.003},
        "batch": min(8, frames),
        "clip": 1.0,
        "device": "cpu",
        "seed": seed,
    }


def score_detectors(models: "Mapping[str, Model]", scenes: Path) -> dict[str, dict[str, Any]]:
    """The values of each detector on frames that none was trained on, averaged over flips and transposes."""
    from glimt.cli.console import track
    from glimt.core.catalog import build
    from glimt.inference.evaluate import evaluate_model
    from glimt.inference.predict import Asking
    from glimt.metrics import PROFILES

    records, rules = test_records(scenes), build(PROFILES, "basicirstd", {}, "profile")
    rows = {}
    for name, model in models.items():
        found = evaluate_model(model, records, rules, Asking(tta=True), track=lambda all: track(all, "Scoring"))
        rows[f"detector from {name}"] = {column: found.values[column] for column in COLUMNS}
    return rows


def score_on_test(labeler: str, scenes: Path, seed: int) -> dict[str, Any]:
    """The values of a labeler on the same frames; it is given a click in each target, and cannot miss one."""
    from glimt.cli.bench import cases_of
    from glimt.inference.bench import score_labeler
    from glimt.labelers.make import make_labeler

    values = score_labeler(make_labeler(labeler), cases_of(scenes, None, "test", "interior", seed)).values
    return {column: values[column] for column in COLUMNS}


def test_records(scenes: Path) -> "list[Record]":
    """The frames that nothing was trained on."""
    from glimt.data.dataset import open_dataset

    return open_dataset(scenes).records("test")


def section_of(models: "Mapping[str, Model]", rows: Mapping[str, Mapping[str, Any]], scenes: Path) -> "Section":
    """The table and pictures of the detectors for the page."""
    from glimt.report.comparison import table
    from glimt.report.page import Note, Section

    pictures = [pictures_of(models, record) for record in test_records(scenes)[:SHOWN]]
    lead = Note(
        "A tiny U-Net, trained twice for the same few minutes: from one click a target (masks drawn by fuse), and from "
        "the exact masks. The labeler is given the clicks; the detectors find the targets by themselves."
    )
    return Section("Detectors, on frames that none was trained on", [lead, table(rows), *pictures])


def pictures_of(models: "Mapping[str, Model]", record: "Record") -> Any:
    """One frame as each detector sees it, the truth dashed."""
    from glimt.data.samples import read
    from glimt.inference.predict import Asking, predict
    from glimt.report.overlay import overlay
    from glimt.report.page import Cell, Pictures

    sample = read(record)
    true = None if sample.label is None else sample.label > 0.5
    cells = [Cell("frame", overlay(sample.image, scale=2), f"Frame {record.id}")]
    for name, model in models.items():
        found = predict(model.network, model.task, sample, Asking(tta=True)) > model.threshold
        picture = overlay(sample.image, found, true, scale=2)
        cells.append(Cell(f"from {name}", picture, f"What the detector from {name} finds in {record.id}"))
    return Pictures(record.id, cells)


def show_rows(rows: Mapping[str, Mapping[str, Any]], priors: Sequence[str]) -> None:
    """Print the table that the demo ends with."""
    from glimt.cli.console import print_table

    columns = ["20 % of the frames, unseen", "prior", "IoU %", "nIoU %", "Pd %", "Fa 1e-6"]
    lines = [
        [name, prior, *(100 * values[column] for column in COLUMNS[:3]), 1e6 * values["fa"]]
        for (name, values), prior in zip(rows.items(), priors, strict=True)
    ]
    print_table("a detector from clicks", columns, lines)
