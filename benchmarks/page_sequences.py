"""The part of `benchmarks/README.md` about PAMG on sequences, the numbers of paper 001 beside."""

from collections.abc import Mapping
from typing import Any

from page_training import RESULTS, load, table

PAPER = "paper 001, SIRSTD-Pixel"  # another dataset: shapes compare, numbers do not
PAPER_SEEDS = {
    "centroid": (87.19, 1.1793, 12.1526, 0.2635),
    "interior": (87.62, 1.2432, 14.6276, 0.2673),
    "boundary": (87.81, 1.2530, 15.0028, 0.2654),
}
PAPER_SUPPORT = (8.75, 34.43, 72.69, 85.09, 88.37, 88.34, 87.73, 87.03, 86.25, 84.99)
PAPER_GUIDED = (8.63, 52.53, 82.98, 88.21, 89.12, 89.25, 88.97, 88.74, 88.34, 87.96)
PAPER_TERMS = {
    "full": (88.34, 1.22),
    "without size": (75.68, 0.86),
    "without saliency": (39.63, 3.29),
    "without homogeneity": (49.26, 0.88),
    "without geometry": (75.02, 13.40),
}
GEOMETRY = ("miou", "area_ratio", "centroid_error", "radius_error")


def sequences_parts() -> list[str]:
    """The tables of every dataset that was measured."""
    names = sorted(path.stem for path in RESULTS.glob("pamg_sequences_*.json"))
    return [part for name in names if (result := load(name)) is not None for part in of_dataset(result)]


def of_dataset(result: Mapping[str, Any]) -> list[str]:
    """Tables III, IV (a), IV (b) and V, and Fig. 7."""
    lead = (
        f"{result['frames']} frames with targets of {result['sequences']} sequences of {result['dataset']}, split "
        f"{result['split']}, {result['seeds']['centroid']['targets']:.0f} targets. `{result['command']}` at "
        f"{result['commit']}, {result['date']}. In italics: {PAPER}, another dataset.\n"
    )
    return [
        f"## PAMG on sequences: {result['dataset']}\n\n{lead}",
        f"### Seed location (Table III)\n\nPrior: point only, R_s = 20.\n\n{seeds(result)}",
        "### Blind support radius R_s, px (Table IV a)\n\nPrior: point only.\n\n"
        + sweep(result["support"], PAPER_SUPPORT),
        "### Guided support R_s = k times the true radius (Table IV b)\n\nPrior: true radius.\n\n"
        + sweep(result["guided"], PAPER_GUIDED),
        f"### Terms (Table V)\n\nPrior: point only, R_s = 20.\n\n{terms(result['terms'])}",
        f"### Boundary satisfaction rho (Fig. 7)\n\n{boundary(result)}",
    ]


def seeds(result: Mapping[str, Any]) -> str:
    """One row a kind of seed."""
    rows = []
    for kind, own in result["seeds"].items():
        printed = PAPER_SEEDS[kind]
        scale = (100, 1, 1, 1)
        rows.append([kind, *(both(own[name] * s, p) for name, s, p in zip(GEOMETRY, scale, printed, strict=True))])
    return table(("seed", "mIoU %", "area ratio", "centroid error, px", "radius error, px"), rows)


def sweep(settings: Mapping[str, Mapping[str, float]], printed: tuple[float, ...]) -> str:
    """The mIoU at each setting, over the paper's."""
    ours = ["mIoU %", *(f"{100 * own['miou']:.2f}" for own in settings.values())]
    ratio = ["area ratio", *(f"{own['area_ratio']:.2f}" for own in settings.values())]
    return table(("", *settings), [ours, ratio, ["*paper, mIoU %*", *(f"*{value:.2f}*" for value in printed)]])


def terms(settings: Mapping[str, Mapping[str, float]]) -> str:
    """One row a variant."""
    rows = []
    for name, own in settings.items():
        miou, ratio = PAPER_TERMS[name]
        rows.append([name, both(100 * own["miou"], miou), both(own["area_ratio"], ratio)])
    return table(("variant", "mIoU %", "area ratio"), rows)


def boundary(result: Mapping[str, Any]) -> str:
    """The groups of rho; the paper prints no numbers, but turns at 1 and 2."""
    found = result["boundary"]
    rows = [
        [f"{start:g}", count, f"{100 * iou:.1f}", f"{100 * success:.1f}"]
        for start, count, iou, success in zip(*(found[k] for k in ("from", "targets", "iou", "success")), strict=True)
        if count
    ]
    plot = f"![IoU and success rate by rho](../docs/images/pamg_boundary_{result['dataset']}.png)\n"
    told = table(("rho, from", "targets", "mean IoU %", "IoU > 0.5, %"), rows)
    return f"Inner seeds, three draws. The paper's plot rises up to rho = 1 and levels off above 2.\n\n{told}\n{plot}"


def both(own: float, printed: float) -> str:
    """Ours, and the paper's in italics."""
    return f"{own:.2f} (*{printed:.2f}*)"
