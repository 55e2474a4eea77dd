"""How well the labelers draw on SIRST and NUDT-SIRST: all click kinds, and PAMG's sweeps and ablations.

    python benchmarks/label_quality.py tables DATASETS     all labelers x click kinds x splits
    python benchmarks/label_quality.py support DATASETS    PAMG blind, R_s from 2 to 40 px (paper 001, Table IV a)
    python benchmarks/label_quality.py guided DATASETS     PAMG with R_s = k times the true radius (Table IV b)
    python benchmarks/label_quality.py ablation DATASETS   PAMG without each of its terms (Table V)
    python benchmarks/label_quality.py level DATASETS      fuse at fixed tau, and calibrated on a few masks

DATASETS holds SIRST/ and NUDT-SIRST/ in the BasicIRSTD layout. Random clicks are drawn with the seeds 0, 1 and 2, and
the three scores averaged. Prior: point only, but for `guided` (true radius) and `level` (reviewed masks).
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from record import write_result

from glimt.cli.bench import cases_of
from glimt.core.catalog import build
from glimt.core.targets import effective_radius, label, targets
from glimt.inference.bench import Case, score_labeler
from glimt.labelers import LABELERS
from glimt.labelers.calibrate import TAUS, Reviewed, calibrate, ious
from glimt.labelers.fuse import Fuse
from glimt.labelers.labeler import Labeler
from glimt.labelers.pamg import Pamg

SPLITS = {"SIRST": ("train_SIRST", "test_SIRST", None), "NUDT-SIRST": ("train_NUDT-SIRST", "test_NUDT-SIRST", None)}
KINDS = {"centroid": (0,), "floor": (0,), "coarse": (0, 1, 2), "interior": (0, 1, 2), "boundary": (0, 1, 2)}
THREE = ("centroid", "interior", "boundary")
SETTINGS: dict[str, dict[str, Any]] = {
    "box": {},
    "pmg": {},
    "pmg L_ep=10": {"length": 10},
    "pamg": {},
    "pamg R_s=12": {"support": 12.0},
    "fuse": {},
    "p2b+pamg": {"labeler": "pamg"},
    "p2b+fuse": {"labeler": "fuse"},
}
DATASETS = Path(sys.argv[2]) if len(sys.argv) > 2 else Path()


def main() -> None:
    """Run the part that is named, and write its result."""
    cv2.setNumThreads(1)
    parts = {"tables": tables, "support": support, "guided": guided, "ablation": ablation, "level": level}
    if len(sys.argv) != 3 or sys.argv[1] not in parts:
        sys.exit(__doc__)
    for name, values in parts[sys.argv[1]]():
        sys.stdout.write(f"{write_result(name, values)}\n")


@cache
def cases(dataset: str, split: str | None, kind: str, seed: int) -> tuple[Case, ...]:
    """The frames of a split with their clicks; read once."""
    return tuple(cases_of(DATASETS / dataset, "basicirstd", split, kind, seed))


def averaged(labeler: Labeler, dataset: str, split: str | None, kind: str) -> dict[str, float]:
    """The scores, averaged over the seeds of that kind of click."""
    runs = [score_labeler(labeler, cases(dataset, split, kind, seed)).values for seed in KINDS[kind]]
    return mean_of(runs)


def mean_of(rows: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """Each value averaged, to five decimals (false-alarm rates to nine)."""
    rows = list(rows)
    return {name: round(float(np.mean([row[name] for row in rows])), 9 if name == "fa" else 5) for name in rows[0]}


def tables() -> Iterable[tuple[str, dict[str, Any]]]:
    """Every labeler on every kind of click."""
    for dataset, splits in SPLITS.items():
        scores: dict[str, Any] = {}
        for split in splits:
            for name, options in SETTINGS.items():
                labeler = build(LABELERS, name.split("+")[0].split(" ")[0], options)
                kinds = {kind: averaged(labeler, dataset, split, kind) for kind in KINDS}
                kinds["mean of centroid, interior, boundary"] = mean_of(kinds[kind] for kind in THREE)
                scores.setdefault(split or "all", {})[name] = kinds
                say(dataset, split, name, kinds["mean of centroid, interior, boundary"])
        yield (
            f"labels_{dataset}",
            {"dataset": dataset, "prior": "point only", "profile": "basicirstd", "scores": scores},
        )


def support() -> Iterable[tuple[str, dict[str, Any]]]:
    """The blind support radius."""
    for dataset in SPLITS:
        rows = {f"{radius}": three(Pamg(support=radius), dataset) for radius in (2, 4, 8, 12, 16, 20, 24, 28, 32, 40)}
        yield f"support_{dataset}", {"dataset": dataset, "split": "all", "prior": "point only", "R_s": rows}


def guided() -> Iterable[tuple[str, dict[str, Any]]]:
    """The support radius as a multiple of each target's true effective radius."""
    for dataset in SPLITS:
        rows = {f"{k}": mean_of(guided_score(k, dataset, kind) for kind in THREE) for k in range(1, 11)}
        yield f"guided_{dataset}", {"dataset": dataset, "split": "all", "prior": "true radius", "k": rows}


def guided_score(k: int, dataset: str, kind: str) -> dict[str, float]:
    """PAMG with R_s = k r, the radii looked up by the frame's pixels."""
    runs = []
    for seed in KINDS[kind]:
        seen = cases(dataset, None, kind, seed)
        supports = {id(case.image): k * effective_radius(targets(case.true).areas) for case in seen}
        drawer = drawer_with(supports)
        runs.append(score_labeler(drawer, seen).values)
    return mean_of(runs)


def drawer_with(supports: Mapping[int, np.ndarray]) -> Labeler:
    """A labeler that knows each frame's support radii."""
    return lambda image, points: Pamg().guided(image, points, supports[id(image)]).instances


def ablation() -> Iterable[tuple[str, dict[str, Any]]]:
    """All terms, and all but one."""
    terms: dict[str, dict[str, Any]] = {"full": {}} | {
        f"without {term}": {term: False} for term in ("size", "saliency", "homogeneity", "geometry")
    }
    for dataset in SPLITS:
        rows = {name: three(Pamg(**options), dataset) for name, options in terms.items()}
        yield (
            f"ablation_{dataset}",
            {"dataset": dataset, "split": "all", "prior": "point only", "R_s": 20, "terms": rows},
        )


def three(labeler: Labeler, dataset: str) -> dict[str, float]:
    """The mean over the three click kinds, on all frames."""
    values = mean_of(averaged(labeler, dataset, None, kind) for kind in THREE)
    say(dataset, "all", labeler, values)
    return values


def level() -> Iterable[tuple[str, dict[str, Any]]]:
    """The convention knob: fixed, and chosen from n reviewed masks in 100 trials."""
    for dataset, (train, test, _) in SPLITS.items():
        at = {str(tau): mean_iou(Fuse(tau=tau), dataset, train) for tau in (None, *TAUS)}
        trials = {str(count): calibrated(dataset, train or "", test or "", count) for count in (3, 5, 10, 20)}
        yield (
            f"level_{dataset}",
            {"dataset": dataset, "split": train, "points": "centroid", "miou_at_tau": at, "reviewed": trials},
        )


def mean_iou(labeler: Fuse, dataset: str, split: str | None) -> float:
    """Mean IoU over targets, centroid clicks."""
    return round(float(np.mean(ious(reviewed(dataset, split), labeler))), 5)


def reviewed(dataset: str, split: str | None) -> list[Reviewed]:
    """All frames of a split with their true masks as reviewed ones."""
    return [Reviewed(case.image, case.points, label(case.true)[0]) for case in cases(dataset, split, "centroid", 0)]


def calibrated(dataset: str, train: str, test: str, count: int, trials: int = 100) -> dict[str, Any]:
    """Choose tau on `count` random training frames, many times; score the choices on the test split."""
    frames, rng = reviewed(dataset, train), np.random.default_rng(0)
    picks = [
        calibrate([frames[i] for i in rng.choice(len(frames), count, replace=False)], Fuse()).tau for _ in range(trials)
    ]
    chosen = {str(tau): picks.count(tau) for tau in dict.fromkeys(picks)}
    scores = {tau: mean_iou(Fuse(tau=tau), dataset, test) for tau in dict.fromkeys(picks)}
    return {
        "split": test,
        "miou": round(float(np.mean([scores[tau] for tau in picks])), 5),
        "chosen": chosen,
        "trials": trials,
    }


def say(dataset: str, split: str | None, what: object, values: Mapping[str, float]) -> None:
    """One line of progress."""
    shown = " ".join(f"{name} {values[name]:.4f}" for name in ("miou", "iou", "pd", "area_ratio"))
    sys.stderr.write(f"{dataset} {split or 'all'} {what}: {shown}\n")


if __name__ == "__main__":
    main()
