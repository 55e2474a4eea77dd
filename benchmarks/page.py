"""Write `benchmarks/README.md`, the page of all committed results, from the JSON files.

python benchmarks/page.py
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from page_annotate import annotate_parts
from page_located import located_parts
from page_points import points_parts
from page_prompted import prompted_parts
from page_sequences import sequences_parts
from page_training import training_parts

from glimt.core.files import write_text

HERE = Path(__file__).parent
KINDS = ("centroid", "floor", "coarse", "interior", "boundary", "mean of centroid, interior, boundary")
INTRO = """# Benchmarks

Every number here was measured by a script of this folder and is kept, with commit, machine, command and date, as
JSON under `results/`. This page is written from those files by `python benchmarks/page.py`. The scripts run after
`./run setup` with `.venv/bin/python`; `DATASETS` is a folder that holds `SIRST/` and `NUDT-SIRST/`.

IoU is pooled over the dataset, mIoU is the mean over targets, both in percent; Pd and Fa follow `basicirstd`.
"""


def main() -> None:
    """Read the results, write the page."""
    parts = [INTRO, speed(), metrics(), *labels(), *sweeps(), *levels()]
    parts += [*training_parts(), *points_parts(), *prompted_parts(), *located_parts(), *sequences_parts()]
    parts += annotate_parts()
    write_text(HERE / "README.md", "\n".join(parts))


def load(name: str) -> dict[str, Any]:
    """One result."""
    return json.loads((HERE / "results" / f"{name}.json").read_text(encoding="utf-8"))


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines) + "\n"


def source(result: dict[str, Any]) -> str:
    """Where a table comes from."""
    return f"`{result['command']}` at {result['commit']}, {result['date']}, {result['machine']['processor']}.\n"


def percent(value: float) -> str:
    """A fraction in percent with one decimal."""
    return f"{100 * value:.1f}"


def speed() -> str:
    """Time of a click."""
    result = load("labelers")
    ours, plain = result["us_per_target"], result["us_per_target_plain_python"]
    rows = [
        [name, own["median"], own["p95"], *(both(plain, result["ratio_to_plain_python"], name))]
        for name, own in ours.items()
    ]
    whole = result["whole_dataset"]
    decode = result["us_per_frame_png_decode"]["median"]
    note = (
        f"Decoding the PNG of one frame takes {decode:.0f} us (median). Reading, labelling and writing all "
        f"{result['frames']} frames of {result['dataset']} takes {whole['total']:.2f} s, of which "
        f"drawing the masks is {percent(whole['share of drawing'])} % and measuring them (SCR, rho, ...) another "
        f"{percent(whole['share of drawing and measuring'] - whole['share of drawing'])} %.\n"
    )
    head = ("labeler", "median us a target", "95th percentile", "plain Python, us", "ratio")
    return f"## What a click costs\n\n{source(result)}\n{table(head, rows)}\n{note}"


def both(plain: dict[str, Any], ratios: dict[str, float], name: str) -> tuple[str, str]:
    """The reference's time and the ratio, where there is one."""
    return (f"{plain[name]['median']:.0f}", f"{ratios[name]:.0f}x") if name in plain else ("", "")


def metrics() -> str:
    """Time of an evaluation."""
    result = load("metrics_real")
    rows = [[name, f"{value:.0f}"] for name, value in result["us_per_image"].items()]
    return f"## What scoring an image costs\n\n{source(result)}\n{table(('implementation', 'us an image'), rows)}"


def labels() -> list[str]:
    """Every labeler on every kind of click."""
    parts = []
    for dataset in ("SIRST", "NUDT-SIRST"):
        result = load(f"labels_{dataset}")
        for split, scores in result["scores"].items():
            rows = [label_row(name, kinds) for name, kinds in scores.items()]
            head = ("labeler", *KINDS[:-1], "mean of c, i, b", "area ratio", "Pd", "Fa 1e-6")
            title = f"## Labelers on {dataset}, {split}: mIoU / IoU"
            parts.append(f"{title}\n\nPrior: point only. {source(result)}\n{table(head, rows)}")
    return parts


def label_row(name: str, kinds: dict[str, Any]) -> list[str]:
    """One labeler: mIoU / IoU for each kind of click, then the rest of the mean."""
    mean = kinds[KINDS[-1]]
    shares = (f"{percent(kinds[kind]['miou'])} / {percent(kinds[kind]['iou'])}" for kind in KINDS)
    return [name, *shares, f"{mean['area_ratio']:.2f}", percent(mean["pd"]), f"{1e6 * mean['fa']:.1f}"]


def sweeps() -> list[str]:
    """PAMG's support radius, guided factor and ablations, the shape of paper 001's Tables IV and V."""
    parts = []
    for name, key, title, prior in (
        ("support", "R_s", "PAMG blind: support radius R_s in pixels", "point only"),
        ("guided", "k", "PAMG guided: R_s = k times the true radius", "true radius"),
        ("ablation", "terms", "PAMG at R_s = 20 without each term", "point only"),
    ):
        both_sets = {dataset: load(f"{name}_{dataset}") for dataset in ("SIRST", "NUDT-SIRST")}
        settings = list(both_sets["SIRST"][key])
        rows = [
            [dataset, value, *(show(result[key][setting], value) for setting in settings)]
            for dataset, result in both_sets.items()
            for value in ("miou", "iou", "area_ratio")
        ]
        lead = (
            f"All frames, mean of centroid, interior and boundary clicks. Prior: {prior}. {source(both_sets['SIRST'])}"
        )
        parts.append(f"## {title}\n\n{lead}\n{table(('dataset', 'value', *settings), rows)}")
    return parts


def show(values: dict[str, float], name: str) -> str:
    """A share in percent, a ratio as it is."""
    return f"{values[name]:.2f}" if name == "area_ratio" else percent(values[name])


def levels() -> list[str]:
    """The convention knob."""
    parts = []
    for dataset in ("SIRST", "NUDT-SIRST"):
        result = load(f"level_{dataset}")
        fixed = table(list(result["miou_at_tau"]), [[percent(value) for value in result["miou_at_tau"].values()]])
        rows = [[count, percent(trial["miou"]), trial["chosen"]] for count, trial in result["reviewed"].items()]
        lead = f"mIoU on {result['split']}, centroid clicks. {source(result)}"
        trials = "tau chosen from n reviewed training frames, 100 trials; mIoU on the test split."
        chosen = table(("frames", "mIoU", "times each tau was chosen"), rows)
        parts.append(f"## fuse at tau on {dataset}\n\n{lead}\n{fixed}\n{trials}\n\n{chosen}")
    return parts


if __name__ == "__main__":
    main()
