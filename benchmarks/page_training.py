"""The part of `benchmarks/README.md` about networks: what they cost, published weights, trainings."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import mean, stdev
from typing import Any

RESULTS = Path(__file__).parent / "results"
FORMS = (
    "step",
    "step last",
    "step last bf16",
    "plain",
    "plain last",
    "folded",
    "folded last",
    "compiled",
    "compiled last",
)
GROUPS = {  # what the seeds of one setting are called, and its results' names
    "tiny, from clicks": "tiny_clicks_s",
    "tiny, from masks": "tiny_full_s",
    "ACM, published schedule, from masks": "acm_full",
    "ACM, published schedule, from clicks": "acm_points",
    "ACM, the house's recipe, from masks": "acm_house_full",
    "ACM, the house's recipe, from clicks": "acm_house_points",
    "ACM, crops of 128 px, 400 epochs, from masks": "acm_house_full_long",
    "MSHNet, 10 epochs, SLS": "mshnet_sls_s",
    "MSHNet, 10 epochs, SLS + TDA": "mshnet_sls_tda_s",
}


def training_parts() -> list[str]:
    """Every section whose results are there."""
    return [*costs(), *times(), *tda(), *published(), *trainings()]


def load(name: str) -> dict[str, Any] | None:
    """One result; None where it was not measured."""
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines) + "\n"


def source(result: dict[str, Any]) -> str:
    """Where a table comes from."""
    return f"`{result['command']}` at {result['commit']}, {result['date']}, {result['machine']['processor']}.\n"


def costs() -> list[str]:
    """Parameters and multiply-adds."""
    result = load("networks")
    if result is None:
        return []
    keys = ("parameters", "published parameters", "gmac", "gmac as printed", "published gmac")
    rows = [[name, *(row.get(key, "") for key in keys)] for name, row in result["networks"].items()]
    head = ("network", "parameters", "published", "multiply-adds, G", "as papers count", "published")
    return [f"## Networks: size and work at 256 x 256\n\n{source(result)}\n{table(head, rows)}"]


def times() -> list[str]:
    """A training step and a prediction, in each form."""
    result = load("network_times")
    if result is None:
        return []
    rows = [
        [name, *(f"{row[form]:.0f}" if form in row else "" for form in FORMS)]
        for name, row in result["networks"].items()
    ]
    lead = (
        "Milliseconds at 256 x 256, one thread. A step learns from 4 frames, the rest is the prediction of one; "
        "`last` is channels last, `folded` without batch normalisations, `compiled` that by torch.compile. "
        f"{source(result)}"
    )
    return [f"## Networks: time\n\n{lead}\n{table(('network', *FORMS), rows)}"]


def tda() -> list[str]:
    """What the TDA loss costs beside a step."""
    result = load("tda")
    if result is None:
        return []
    shares = result["share_of_step"]
    rows = [
        [count, own["loss"], own["plain_form"], *(f"{100 * shares[name][count]:.2f} %" for name in shares)]
        for count, own in result["loss_ms"].items()
    ]
    head = ("targets a frame", "TDA, ms", "patch by patch, ms", *(f"of a step of {name}" for name in shares))
    steps = ", ".join(f"{name} {value} ms" for name, value in result["step_ms"].items())
    work = f"Value and gradient, {result['batch']} frames of {result['side']} px, one thread"
    lead = f"{work}; a step: {steps}. {source(result)}"
    return [f"## What the TDA loss costs\n\n{lead}\n{table(head, rows)}"]


def published() -> list[str]:
    """Published weights under several protocols."""
    result = load("published")
    if result is None:
        return []
    rows = [[name, way, *values(found)] for name, ways in result["scores"].items() for way, found in ways.items()]
    lead = (
        f"{result['split']}; prior: {result['prior']}, by LESPS on SIRST3. Its paper prints 64.92 / 90.87 / 12.76 for "
        f"ACM and 67.91 / 92.78 / 37.04 for ALCNet. {source(result)}"
    )
    head = ("weights", "profile and padding", "IoU", "nIoU", "Pd", "hits", "Fa 1e-6")
    return [f"## Published weights\n\n{lead}\n{table(head, rows)}"]


def values(found: dict[str, Any]) -> list[str]:
    """The scores of one evaluation."""
    share = [f"{100 * found[key]:.2f}" if key in found else "" for key in ("iou", "niou", "pd")]
    return [*share, f"{found['hits']}/{found['targets']}", f"{1e6 * found['fa']:.1f}"]


def trainings() -> list[str]:
    """One row a setting, the mean of its seeds."""
    rows, runs = [], [run for prefix in GROUPS.values() for run in seeds(prefix)]
    for name, prefix in GROUPS.items():
        rows += rows_of(name, seeds(prefix))
    if not rows:
        return []
    commits = ", ".join(dict.fromkeys(f"{run['begun']['commit']} ({run['begun']['date']})" for run in runs))
    head = (
        "training",
        "seeds",
        "prior",
        "split",
        "minutes",
        "checkpoint",
        "IoU",
        "IoU of eight views",
        "Pd",
        "Fa 1e-6",
    )
    lead = (
        "Profile `basicirstd`, on the test split, which chose nothing but `best-test`. Minutes are of one processor. "
        "Pd and Fa are of eight views. With seeds: the mean and the standard deviation. "
        "`python benchmarks/train.py CONFIG NAME`, begun at "
        f"{commits}.\n"
    )
    return [f"## Trainings\n\n{lead}\n{table(head, rows)}"]


def seeds(prefix: str) -> list[dict[str, Any]]:
    """The results of one setting."""
    names = [prefix] if not prefix.endswith("_s") else [f"{prefix}{seed}" for seed in range(9)]
    return [run for name in names if (run := load(f"train_{name}")) is not None]


def rows_of(name: str, runs: list[dict[str, Any]]) -> list[list[str]]:
    """A row for each checkpoint that a setting kept."""
    rows = []
    for checkpoint in runs[0]["test"] if runs else ():
        plain, tta = ([run["test"][checkpoint][way] for run in runs] for way in ("plain", "averaged"))
        scores = [
            spread(plain, "iou", 100),
            *(spread(tta, key, by) for key, by in (("iou", 100), ("pd", 100), ("fa", 1e6))),
        ]
        minutes = f"{mean(run['cpu_minutes'] for run in runs):.1f}"
        rows.append([name, len(runs), runs[0]["prior"], runs[0]["split"], minutes, checkpoint, *scores])
    return rows


def spread(found: list[dict[str, Any]], key: str, by: float) -> str:
    """Mean, and standard deviation where there are several."""
    numbers = [by * one[key] for one in found]
    return f"{mean(numbers):.1f}" + (f" ± {stdev(numbers):.1f}" if len(numbers) > 1 else "")
