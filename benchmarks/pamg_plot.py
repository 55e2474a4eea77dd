"""The plot of PAMG's masks by boundary satisfaction: Fig. 7 of paper 001."""

from collections.abc import Mapping
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from glimt.core.files import draft

BARS = {"iou": "mean IoU", "success": "share with IoU > 0.5"}
WIDTH = 0.38


def draw_boundary(table: Mapping[str, list], path: Path) -> None:
    """Mean IoU and success rate of each group of rho that holds a target; the growth stops by itself above 1."""
    kept = [i for i, count in enumerate(table["targets"]) if count]
    figure, axes = plt.subplots(figsize=(7, 3.6), layout="constrained")
    for shift, (name, told) in zip((-0.5, 0.5), BARS.items(), strict=True):
        axes.bar(np.arange(len(kept)) + shift * WIDTH, [table[name][i] for i in kept], WIDTH, label=told)
    axes.set_xticks(range(len(kept)), [f"{span(table, i)}\nn={table['targets'][i]}" for i in kept])
    axes.set(xlabel="boundary satisfaction rho = SCR / B(n, gamma, R_s)", ylim=(0, 1))
    mark_one(axes, [table["from"][i] for i in kept])
    axes.grid(axis="y", alpha=0.3)
    figure.legend(loc="outside upper center", ncols=3, frameon=False)
    with draft(path) as beside:
        figure.savefig(beside, dpi=110, format="png")
    plt.close(figure)


def span(table: Mapping[str, list], i: int) -> str:
    """The ends of a group; the last has none above."""
    start, end = table["from"][i], table["to"][i]
    return f"{start:g} up" if end is None else f"{start:g} to {end:g}"


def mark_one(axes: Axes, starts: list[float]) -> None:
    """A line where rho passes 1, if there are groups on both sides."""
    above = [i for i, start in enumerate(starts) if start >= 1]
    if above and above[0] > 0:
        axes.axvline(above[0] - 0.5, color="black", lw=1, ls="--", label="rho = 1")
