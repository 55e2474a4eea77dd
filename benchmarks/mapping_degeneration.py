"""Mapping degeneration (paper 002, sections 3 and 5.2.1): `python benchmarks/mapping_degeneration.py STUDY [SIRST]`.

Under point labels a network first segments the target, then shrinks to the point. STUDY is single, many, intensity,
size, shape, clutter, offset, number or network. Without a dataset the frames are synthetic. A run that is finished is
kept in `runs/` and not done again: stop and start at will.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from degeneration_cases import SIDE, open_frames, sizes
from degeneration_plot import draw
from degeneration_studies import STUDIES, Setting
from degeneration_targets import PATCH
from degeneration_training import follow
from record import write_result

from glimt.core.files import write_text
from glimt.core.types import Sample

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
RUNS = ROOT / "runs" / "degeneration"
EVERY = 2  # epochs between two looks at the answer

Traces = list[dict[str, Any]]  # of each target: what was seen of it, look after look


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what is left of a study, write its result and its plot."""
    asked = parse(arguments)
    torch.set_num_threads(1)
    frames = open_frames(asked.folder, asked.runs)
    source = "synthetic" if asked.folder is None else asked.folder.name
    settings = {
        name: summary(list(traces(f"{asked.study}/{source}", name, setting, frames, asked.epochs)))
        for name, setting in STUDIES[asked.study].items()
    }
    facts = {"frames": source, "epochs": asked.epochs, "every": EVERY, "side": SIDE, "patch": PATCH}
    result = {"study": asked.study, **facts, "settings": settings}
    write_result(f"degeneration_{asked.study}", result)
    draw(result, IMAGES / f"degeneration_{asked.study}.png")


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("study", choices=STUDIES)
    parser.add_argument("folder", type=Path, nargs="?", help="a dataset; synthetic frames without it")
    parser.add_argument("--runs", type=int, default=10, help="frames, and runs of a setting")
    parser.add_argument("--epochs", type=int, default=120)
    return parser.parse_args(arguments)


def traces(folder: str, name: str, setting: Setting, frames: Sequence[Sample], epochs: int) -> Iterator[dict]:
    """What was seen in each run of a setting; a run is kept in a file of its own."""
    for run in range(1 if setting.together else len(frames)):
        file = RUNS / folder / f"{name}-{epochs}{f'-{len(frames)}' * setting.together}" / f"{run}.json"
        if not file.is_file():
            write_text(file, json.dumps(one_run(setting, frames, run, epochs)))
        yield from json.loads(file.read_text(encoding="utf-8"))


def one_run(setting: Setting, frames: Sequence[Sample], run: int, epochs: int) -> Traces:
    """Train once; of each target, the traces, its true pixels and its SCR."""
    cases = setting.cases(frames, run)
    seen = follow(cases, setting.learner, epochs, EVERY, seed=run, flipped=setting.flipped)
    facts = zip(cases, sizes(cases), strict=True)
    return [{**one, "true_pixels": size, "scr": case.scr} for one, (case, size) in zip(seen, facts, strict=True)]


def summary(runs: Traces) -> dict[str, Any]:
    """The mean curve, and how well and how early the target was segmented at best."""
    iou = np.array([run["iou"] for run in runs])  # (runs, looks)
    best, mean = iou.argmax(axis=1), iou.mean(axis=0)
    at_best = {name: [run[name][look] for run, look in zip(runs, best, strict=True)] for name in ("peak", "pixels")}
    last = max(1, iou.shape[1] // 10)
    return {
        "targets": len(runs),
        "true_pixels": float(np.median([run["true_pixels"] for run in runs])),
        "scr": rounded(np.median([run["scr"] for run in runs])),
        "best": rounded(iou.max(axis=1).mean()),
        "best_deviation": rounded(iou.max(axis=1).std()),
        "epoch_of_best": float(EVERY * np.median(best)),
        "peak_at_best": rounded(np.mean(at_best["peak"])),
        "pixels_at_best": float(np.median(at_best["pixels"])),
        "last": rounded(iou[:, -last:].mean()),
        "pixels_last": float(np.median([run["pixels"][-last:] for run in runs])),
        "top_of_mean": rounded(mean.max()),
        "epoch_of_top": int(EVERY * mean.argmax()),
        "best_of_each": [rounded(value) for value in iou.max(axis=1)],
        "mean": [rounded(value) for value in mean],
    }


def rounded(value: float | np.floating) -> float:
    """To three decimals."""
    return round(float(value), 3)


if __name__ == "__main__":
    main()
