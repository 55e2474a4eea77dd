"""The part of `benchmarks/README.md` about networks that know the points (EDGSP): the paper's numbers beside."""

from collections.abc import Mapping
from typing import Any

from page_training import load, source, table
from paper_prompted import TABLE1, TABLE2, TABLE3, TABLE4, TRAINED_ON

FOUR = "IoU / Pd / F_at / Fa"
UNITS = "IoU, nIoU, Pd and F_at (false targets a true one) in percent, Fa in 1e-6."
PAPER = "the paper's"


def prompted_parts() -> list[str]:
    """Every section whose results are there."""
    return [*drawing(), *upgrade(), *ablation(), *downstream()]


def drawing() -> list[str]:
    """Table 1: labelers on every test split and kind of click."""
    result = load("prompted")
    if result is None:
        return []
    kinds = list(next(iter(result["labelers"].values()))["scores"])
    splits = next(iter(result["labelers"].values()))["scores"][kinds[0]]
    return [drawing_on(result, split, kinds) for split in splits]


def drawing_on(result: dict[str, Any], split: str, kinds: list[str]) -> str:
    """One split."""
    rows = []
    for name, own in result["labelers"].items():
        scores = [own["scores"][kind][split] for kind in kinds]
        rows.append([name, own["prior"], f"{100 * scores[0]['niou']:.2f}", hits(scores[0]), *map(four, scores)])
    for name, (centre, coarse) in TABLE1.get(split, {}).items():
        prior = TRAINED_ON if "EDGSP" in name else "point only"
        rows.append([f"{name} ({PAPER}, Table 1)", prior, "", "", centre, coarse, *[""] * (len(kinds) - 2)])
    lead = (
        f"{FOUR} by kind of click, nIoU and hits from centroids. {UNITS} Profile `{result['profile']}`, "
        f"seed {result['seed']}; the paper's under `edgsp`. {source(result)}"
    )
    title = f"## Labelers that have learnt: {result['dataset']}, {named(split)}"
    return f"{title}\n\n{lead}\n{table(('labeler', 'prior', 'nIoU', 'hits', *kinds), rows)}"


def upgrade() -> list[str]:
    """Table 2: networks with and without points."""
    result = load("prompted")
    networks = {} if result is None else {name: own for name, own in result["labelers"].items() if "table 2" in own}
    if result is None or not networks:
        return []
    rows = []
    for name, own in networks.items():
        told, network = own["shown points"], own["model"].partition(",")[0]
        for split, score in own["table 2"].items():
            printed = TABLE2[network][told] if network in TABLE2 and split == "all" else ""
            shown = "centroids" if told else "nothing"
            rows.append([name, own["model"], shown, own["prior"], named(split), four(score), hits(score), printed])
    lead = (
        f"{UNITS} Profile `{result['profile of table 2']}`, threshold 0.5. The paper's networks learnt SIRST3, "
        f"IRSTD-1K with the others, at full length. {source(result)}"
    )
    head = ("run", "network", "points", "prior", "split", FOUR, "hits", f"{PAPER} (Table 2)")
    return [f"## Networks told where the targets are\n\n{lead}\n{table(head, rows)}"]


def ablation() -> list[str]:
    """Table 3 and Figure 5."""
    result = load("ablation")
    if result is None:
        return []
    rows = []
    for name, own in result["rows"].items():
        parts, printed = TABLE3.get(name, (squares(name), ""))
        rows.append([name, parts, own["prior"], four(own), f"{100 * own['niou']:.2f}", hits(own), printed])
    lead = (
        f"{trained(result)}, `{result['split']}`, {result['points']} clicks. {UNITS} Profile `{result['profile']}`. "
        f"Around a square's point only its own component is kept. The paper's Table 3 is SCTransNet on SIRST3, and its "
        f"Figure 5 prints no numbers: cropping stays below IoU 85 and Pd 100. {source(result)}"
    )
    head = ("row", "the network sees", "prior", FOUR, "nIoU", "hits", f"{PAPER}: IoU / Pd / F_at")
    return [f"## EDGSP part by part\n\n{lead}\n{table(head, rows)}"]


def squares(row: str) -> str:
    """What a network sees in a row such as "centre 64 with EDGSP"."""
    size, _, more = row.removeprefix("centre ").partition(" ")
    return f"squares of {size} px around each point" + (", all of M5" if more else "")


def downstream() -> list[str]:
    """Table 4: detectors trained on drawn labels."""
    result = load("downstream")
    if result is None:
        return []
    rows = []
    for name, own in result["rows"].items():
        spread = " ".join(f"{100 * one['iou']:.2f}" for one in own["folds"])
        found = sum(one["counts"]["hits"] for one in own["folds"])
        printed = TABLE4.get(result["network"], {}).get(name, "")
        total = sum(one["counts"]["targets"] for one in own["folds"])
        rows.append([name, own["prior"], four(own), spread, f"{found}/{total}", printed])
    lead = (
        f"{trained(result)}, trained and tested on {result['dataset']}: `{result['split']}`, {result['folds']} folds. "
        f"Labels of EDGSP by the run `{result['labeler']}`. Means over the folds; {UNITS} "
        f"Profile `{result['profile']}`. The paper's are of SIRST3's 1079 test frames, three folds. {source(result)}"
    )
    head = ("labels", "prior", FOUR, "IoU of each fold", "hits", f"{PAPER} (Table 4): IoU / Pd / Fa")
    return [f"## Detectors that learn from drawn labels\n\n{lead}\n{table(head, rows)}"]


def trained(result: Mapping[str, Any]) -> str:
    """What was trained, and how long."""
    return f"{result['network']}, {result['epochs']} epochs"


def named(split: str) -> str:
    """A split, for a person."""
    return "all test splits" if split == "all" else split


def four(score: Mapping[str, float]) -> str:
    """IoU, Pd, F_at, Fa."""
    share = [f"{100 * score[name]:.2f}" for name in ("iou", "pd", "f_at")]
    return " / ".join([*share, f"{1e6 * score['fa']:.2f}"])


def hits(score: Mapping[str, Any]) -> str:
    """The targets found, of all."""
    return f"{score['counts']['hits']}/{score['counts']['targets']}"
