"""The part of `benchmarks/README.md` about learning from points: a table a dataset, the papers' numbers beside."""

from typing import Any

from page_training import load, table

WAYS = {  # rows, the end of their results' names, what papers print for ACM on SIRST and NUDT-SIRST
    "full supervision": ("full", "70.33 / 93.91 / 3.73", "67.08 / 95.97 / 10.18"),
    "LESPS, centroids": ("lesps_centroid", "49.23 / 89.35 / 40.95", "42.09 / 91.11 / 38.24"),
    "LESPS, centroids, context of 127 px": ("lesps_context", "", ""),
    "LESPS, coarse clicks": ("lesps_coarse", "47.81 / 88.21 / 40.75", "40.64 / 81.11 / 49.45"),
    "HMG": ("hmg", "70.33 / 93.54 / 30.94", "60.55 / 92.06 / 36.97"),
    "HMG, stages of 100 and 300 epochs": ("hmg_short", "", ""),
    "masks by PMG": ("pmg", "", ""),
    "masks by PAMG": ("pamg", "", ""),
    "masks by fuse": ("fuse", "", ""),
}
BOTH = ("test_SIRST", "test_NUDT-SIRST")
TESTS = {"train_points_{}": ("test_SIRST",), "train_union_{}": BOTH, "train_union_{}_100": BOTH}
TRAINED = {
    "train_points_{}": "SIRST",
    "train_union_{}": "SIRST and NUDT-SIRST together",
    "train_union_{}_100": "SIRST and NUDT-SIRST together for 100 epochs",
}
HEAD = ("way", "prior", "IoU / Pd / Fa", "of full, %", "lesps-cvpr23", "eight views", "epochs", "minutes", "paper")
LEAD = (
    "ACM, trained on {where} (the training splits of LESPS and BasicIRSTD), tested on `{split}`, which chose nothing: "
    "the last checkpoint, threshold 0.5. IoU and Pd in percent, Fa in 1e-6, profile `basicirstd`; in one column "
    "under `lesps-cvpr23`. "
    "Minutes are of one processor. The papers' numbers are of papers 002 (LESPS) and 003 (the others). "
    "`python benchmarks/train.py configs/points/NAME.yaml NAME`, begun at {commits}.\n"
)


def points_parts() -> list[str]:
    """Every table whose results are there, then what updates cost and how HMG's masks got better."""
    parts = [part for names, splits in TESTS.items() for split in splits for part in ways(names, split)]
    return [*parts, *masks(), *updates()] if parts else []


def ways(names: str, split: str) -> list[str]:
    """One row a way to learn."""
    runs = {way: run for way, (own, *_) in WAYS.items() if (run := load(names.format(own))) is not None}
    full = runs.get("full supervision")
    if not runs:
        return []
    rows = [row(name, run, full, split) for name, run in runs.items()]
    begun = ", ".join(dict.fromkeys(f"{run['begun']['commit']} ({run['begun']['date']})" for run in runs.values()))
    lead = LEAD.format(where=TRAINED[names], split=split, commits=begun)
    return [f"## Learning from points: ACM on {TRAINED[names]}, {split}\n\n{lead}\n{table(HEAD, rows)}"]


def row(name: str, run: dict[str, Any], full: dict[str, Any] | None, split: str) -> list[object]:
    """One run on one split."""
    own, other = run["more"][f"{split}, basicirstd"], run["more"][f"{split}, lesps-cvpr23"]
    best = None if full is None else full["more"][f"{split}, basicirstd"]["plain"]["iou"]
    share = "" if best is None else f"{100 * own['plain']['iou'] / best:.1f}"
    printed = WAYS[name][1 if split == "test_SIRST" else 2]
    scores = [three(own["plain"]), share, three(other["plain"]), three(own["averaged"])]
    return [name, run["prior"], *scores, run["settings"]["epochs"], run["cpu_minutes"], printed]


def three(found: dict[str, Any]) -> str:
    """IoU, Pd and Fa."""
    return f"{100 * found['iou']:.2f} / {100 * found['pd']:.2f} / {1e6 * found['fa']:.2f}"


def masks() -> list[str]:
    """Table 4 of paper 003: the masks of the training frames on the way."""
    rows = []
    for names, where in TRAINED.items():
        run = load(names.format("hmg"))
        table_of = next((one["masks"] for one in run["curve"] if "masks" in one), {}) if run else {}
        rows += [[where, name, three(found)] for name, found in table_of.items()]
    lead = (
        "Training frames, profile `basicirstd`, prior: point only. Paper 003, Table 4, prints with DNA-Net for SIRST "
        "74.22, 75.64, 75.73, 76.96, for NUDT-SIRST 70.98, 73.35, 74.52, 74.86.\n"
    )
    head = ("trained on", "mask", "IoU / Pd / Fa")
    return [f"## HMG: masks between its stages\n\n{lead}\n{table(head, rows)}"] if rows else []


def updates() -> list[str]:
    """What an update costs, and how far labels came."""
    named = {
        (where, way): load(names.format(own))
        for names, where in TRAINED.items()
        for way, (own, *_) in WAYS.items()
        if way.startswith("LESPS")
    }
    large = "SIRST, crops of 256 px in float32"
    named[large, "LESPS, centroids"] = load("train_lesps_update_cost")
    named[large, "LESPS, centroids, context of 127 px"] = load("train_lesps_update_cost_context")
    rows = [update_row(*name, run) for name, run in named.items() if run is not None]
    lead = (
        "Means over the targets of the training frames after the last update; seconds are of one processor. An update "
        "comes every five epochs and asks the network once about every whole frame, padded to more than its size. An "
        "epoch learns one crop of it, forwards and backwards: at equal speed a pixel that alone makes an update 9 % of "
        "five epochs with crops of 256 px, and four times that with 128. With a context the network sees no more of a "
        "frame than squares of so many px around its labels. The table and the picture of an update are counted in the "
        "rows of crops of 256 px, and left out in the others.\n"
    )
    costs = ("an update, s", "an epoch, s", "share of five")
    head = ("trained on", "way", *costs, "area, px", "IoU", "PA", "lost / merged / grown")
    return [f"## LESPS: labels after the last update\n\n{lead}\n{table(head, rows)}"] if rows else []


def update_row(where: str, way: str, run: dict[str, Any]) -> list[object]:
    """One run."""
    update, epoch = run["cpu_seconds_of_an_update_and_an_epoch"]
    last = [one["labels"] for one in run["curve"] if "labels" in one][-1]
    alarms = f"{last['lost']} / {last['merged']} / {last['grown']}"
    costs = [f"{update:.2f}", f"{epoch:.2f}", f"{100 * update / (5 * epoch):.1f} %"]
    return [where, way, *costs, last["area"], f"{last['iou']:.3f}", f"{last['pa']:.3f}", alarms]
