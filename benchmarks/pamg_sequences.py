"""PAMG on a masked set of sequences: Tables III to V and Fig. 7 of paper 001.

    python benchmarks/pamg_sequences.py DATASET [--split SPLIT] [--every N]

Seeds: the centroid, and three draws inside the target and on its boundary, averaged as in the paper. Table IV (a) and
(b), Table V and Fig. 7 use the inner seeds, as a person clicks. The guided mode takes each target's true radius. Prior:
point only, but for the guided mode. DATASET is any that has masks, e.g. of `glimt synth --sequences`.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from math import isnan
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from label_quality import drawer_with, mean_of
from pamg_plot import draw_boundary
from record import write_result

from glimt.core.errors import DataError
from glimt.core.targets import effective_radius, targets
from glimt.data.dataset import open_dataset
from glimt.data.points import points_from_mask
from glimt.data.samples import read
from glimt.data.sequences import names_of
from glimt.inference.bench import Case, score_labeler
from glimt.labelers.labeler import Labeler
from glimt.labelers.pamg import Pamg
from glimt.metrics.bins import boundary_bins
from glimt.metrics.evaluate import evaluate
from glimt.metrics.pair import Pair
from glimt.metrics.profiles import basicirstd

SEEDS = {"centroid": (0,), "interior": (0, 1, 2), "boundary": (0, 1, 2)}
RADII = (2, 4, 8, 12, 16, 20, 24, 28, 32, 40)  # px
FACTORS = range(1, 11)
RATIOS = (0, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 3.5, 4, 5)  # lower ends of the groups of rho; the paper prints none
TERMS = ("size", "saliency", "homogeneity", "geometry")
KEPT = ("miou", "area_ratio", "area_ratio_median", "centroid_error", "radius_error", "targets")
IMAGES = Path(__file__).parents[1] / "docs" / "images"

Cases = Sequence[Case]


def main() -> None:
    """Measure, write the result and the plot."""
    cv2.setNumThreads(1)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--split")
    parser.add_argument("--every", type=int, default=1, help="take every so many frames: neighbours are alike")
    asked = parser.parse_args()
    result = measure(asked.dataset, asked.split, asked.every)
    path = write_result(f"pamg_sequences_{asked.dataset.name}", result)
    draw_boundary(result["boundary"], IMAGES / f"pamg_boundary_{asked.dataset.name}.png")
    sys.stdout.write(f"{path}\n")


def measure(dataset: Path, split: str | None, every: int) -> dict[str, Any]:
    """All tables, on the frames that hold a target."""
    cases, sequences = read_cases(dataset, split, every)
    clicks = [clicked(cases, "interior", seed) for seed in SEEDS["interior"]]
    return {
        "dataset": dataset.name,
        "split": split or "all",
        "sequences": sequences,
        "frames": len(cases),
        "every": every,
        "seeds": {kind: mean_of(scores(Pamg(), clicked(cases, kind, s)) for s in SEEDS[kind]) for kind in SEEDS},
        "support": {f"{radius}": over(clicks, lambda _, r=radius: Pamg(support=r)) for radius in RADII},
        "guided": {f"{k}": over(clicks, lambda seen, k=k: guided(seen, k)) for k in FACTORS},
        "terms": {
            "full": over(clicks, lambda _: Pamg()),
            **{f"without {term}": over(clicks, lambda _, t=term: Pamg(**{t: False})) for term in TERMS},
        },
        "boundary": boundary(clicks),
    }


def read_cases(dataset: Path, split: str | None, every: int) -> tuple[Cases, int]:
    """Every so many frames, those with a target, clicked at its centroid; and how many sequences they are of."""
    records = open_dataset(dataset).records(split)[::every]
    cases = []
    for record in records:
        sample = read(record)
        if sample.label is None:
            raise DataError(f"{record.id}: there is no true mask; these tables need masks")
        if sample.label.any():
            mask = sample.label > 0.5
            cases.append(Case(record.id, sample.image, mask, targets(mask).centroids))
    return cases, len(names_of(records))


def clicked(cases: Cases, kind: str, seed: int) -> Cases:
    """The same frames with a click of this kind in each target."""
    rng = np.random.default_rng(seed)
    return [case._replace(points=points_from_mask(case.true, kind, rng)) for case in cases]


def scores(labeler: Labeler, cases: Cases) -> dict[str, float]:
    """What the tables print."""
    values = score_labeler(labeler, cases).values
    return {name: values[name] for name in KEPT}


def over(draws: Iterable[Cases], labeler: Callable[[Cases], Labeler]) -> dict[str, float]:
    """The mean over several draws of clicks; the labeler may know the frames."""
    return mean_of(scores(labeler(cases), cases) for cases in draws)


def guided(cases: Cases, k: int) -> Labeler:
    """PAMG with R_s = k times the true radius of each target."""
    return drawer_with({id(case.image): k * effective_radius(targets(case.true).areas) for case in cases})


def boundary(draws: Iterable[Cases]) -> dict[str, list]:
    """Mean IoU and success rate by the boundary satisfaction ratio rho (Eq. 20), all draws together."""
    pamg = Pamg()
    pairs = (Pair(pamg(one.image, one.points) > 0, one.true, one.image, one.id) for draw in draws for one in draw)
    table = evaluate(pairs, basicirstd(), (boundary_bins(RATIOS),)).tables["boundary"]
    return {name: [known(value) for value in column] for name, column in table.items()}


def known(value: float | None) -> float | None:
    """The value; None where a group holds no target."""
    return None if value is None or isnan(value) else value


if __name__ == "__main__":
    main()
