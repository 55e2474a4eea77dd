"""Train a config and score every checkpoint it keeps: `python benchmarks/train.py CONFIG NAME [KEY=VALUE ...]`.

Goes on with `runs/NAME` where it was stopped. The result holds the curve by epoch and by minute of training.
"""

import json
import sys
from functools import cache
from pathlib import Path
from statistics import mean

from record import circumstances, write_result

from glimt.core.catalog import build
from glimt.core.files import write_text
from glimt.core.types import Record
from glimt.data.dataset import open_dataset
from glimt.inference.device import choose_device, ready
from glimt.inference.evaluate import pairs_of
from glimt.inference.model import Model, load_model
from glimt.inference.predict import Asking
from glimt.inference.truth import refuse_unknown
from glimt.metrics import PROFILES
from glimt.metrics.evaluate import evaluate
from glimt.metrics.pair import Pair
from glimt.training.read_config import load_config
from glimt.training.run import Run, plain
from glimt.training.train import train

SHOWN = ("iou", "niou", "pd", "fa", "f_at", "false_targets", "hits", "targets", "false_pixels", "pixels")


def main() -> None:
    """Train, score, write."""
    config = load_config(Path(sys.argv[1]), sys.argv[3:])
    run = Run(Path("runs") / sys.argv[2])
    begun = run.root.with_suffix(".begun.json")
    if not run.state.exists():
        write_text(begun, json.dumps(circumstances()))
    train(config, run.root)
    write_result(f"train_{sys.argv[2]}", {"begun": json.loads(begun.read_text()), **summary(config, run)})


def summary(config, run: Run) -> dict:
    """Settings, scores on test of each checkpoint with and without averaging, and the curve."""
    rows, curve = run.read_log(), []
    known = [row["cpu_seconds"] for row in rows if "cpu_seconds" in row]  # every epoch does the same work
    updates = [row["refresh_cpu_seconds"] for row in rows if "refresh_cpu_seconds" in row]
    for row in rows:
        if {"test", "val", "labels"} & set(row) or row["epoch"] % 10 == 0:
            minutes = round(row["epoch"] * mean(known) / 60, 2)
            curve.append({"cpu_minutes": minutes, **{key: row[key] for key in row if "seconds" not in key}})
    cards = [json.loads(file.read_text()) for file in sorted((run.root / "checkpoints").glob("*.json"))]
    files = sorted((run.root / "checkpoints").glob("*.safetensors"))
    return {
        "prior": cards[0]["origin"]["prior"],
        "split": f"{config.data.train} -> {config.data.test}",
        "profile": config.validation.profile,
        "minutes": round(sum(row["seconds"] for row in rows) / 60, 2),
        "cpu_minutes": round((len(rows) * mean(known) + sum(updates)) / 60, 2),
        "cpu_minutes_read_from_epochs": len(known),
        "cpu_seconds_of_an_update_and_an_epoch": [round(mean(updates), 3), round(mean(known), 3)] if updates else None,
        "test": {file.stem: scores(config, file) for file in files},
        "more": {f"{split}, {profile}": scores(config, files[-1], split, profile) for split, profile in more(config)},
        "curve": curve,
        "settings": plain(config),
    }


def more(config) -> list[tuple[str, str]]:
    """The splits of a union of datasets and the protocol of LESPS, which the last checkpoint is scored by too."""
    dataset = open_dataset(config.data.root, config.data.layout)
    own = dataset.whole_name(config.data.test)
    splits = [one for one in dataset.splits() if one.startswith("test_")] if own == "test_all" else [own]
    profiles = (config.validation.profile, "lesps-cvpr23") if own.startswith("test_") else ()
    return [(split, profile) for split in splits for profile in profiles]


def scores(config, checkpoint: Path, split: str | None = None, profile: str | None = None) -> dict:
    """What one checkpoint scores on a split."""
    rules = build(PROFILES, profile or config.validation.profile, {}, "profile")
    records = open_dataset(config.data.root, config.data.layout).records(split or config.data.test)
    refuse_unknown(records, rules)
    found = {}
    for name, tta in (("plain", False), ("averaged", True)):
        pairs = (pair(checkpoint, record, tta, rules.size) for record in records)
        summary = evaluate(pairs, rules).summary()
        found[name] = {key: summary[key] for key in SHOWN if key in summary}
    return found


@cache
def pair(checkpoint: Path, record: Record, tta: bool, size: tuple[int, int] | None) -> Pair:
    """One frame, predicted once for all splits and protocols."""
    model = model_of(checkpoint)
    return next(pairs_of(model, [record], Asking(pad=model.pad, tta=tta), size))


@cache
def model_of(checkpoint: Path) -> Model:
    """One checkpoint in its quickest form."""
    return ready(load_model(checkpoint), choose_device("cpu"))


if __name__ == "__main__":
    main()
