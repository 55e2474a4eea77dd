"""The plots of the study of mapping degeneration."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from glimt.core.files import draft

TITLES = {  # of what varies
    "single": "trained on",
    "many": "trained on",
    "intensity": "peak, grey levels",
    "size": "radius, pixels",
    "shape": "shape",
    "clutter": "background",
    "offset": "point off the middle, pixels",
    "number": "points in the label",
    "network": "network",
}


def draw(result: dict[str, Any], path: Path) -> None:
    """The mean curve of each setting; beside it the best of each run, of a single setting as a histogram."""
    figure, (curves, bests) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained", width_ratios=(3, 2))
    settings, title = result["settings"], TITLES[result["study"]]
    colours = plt.get_cmap("viridis")(np.linspace(0, 0.9, len(settings)))
    for (name, found), colour in zip(settings.items(), colours, strict=True):
        epochs = result["every"] * np.arange(len(found["mean"]))
        curves.plot(epochs, found["mean"], color=colour, label=name)
    curves.set(xlabel="epoch", ylabel="mean IoU with the true mask", ylim=(0, None))
    every = [found["best_of_each"] for found in settings.values()]
    figure.legend(title=f"{title}; {len(every[0])} targets each", loc="outside upper center", ncols=6, frameon=False)
    if len(every) == 1:
        histogram(bests, every[0])
    else:
        dots(bests, list(settings), every, colours)
        bests.set(xlabel=title, ylabel="best IoU of each run", ylim=(0, 1))
    for axes in (curves, bests):
        axes.grid(alpha=0.3)
    with draft(path) as beside:
        figure.savefig(beside, dpi=110, format="png")
    plt.close(figure)


def histogram(axes: Axes, best: Sequence[float]) -> None:
    """How many runs have their best in each tenth, the lower border counted in (Fig. 2 b of paper 002)."""
    tenths = np.minimum(np.floor(10 * np.array(best)), 9).astype(int)
    axes.bar(np.arange(10) / 10 + 0.05, 100 * np.bincount(tenths, minlength=10) / len(best), 0.09)
    axes.set(xlabel="best IoU of a target", ylabel="share of the targets, %", xlim=(0, 1))


def dots(axes: Axes, names: Sequence[str], every: Sequence[Sequence[float]], colours: np.ndarray) -> None:
    """The best of each run as a dot, and their mean as a line."""
    for i, (best, colour) in enumerate(zip(every, colours, strict=True)):
        axes.plot(i + np.linspace(-0.15, 0.15, len(best)), best, ".", color=colour)
        axes.hlines(np.mean(best), i - 0.3, i + 0.3, color=colour)
    axes.set_xticks(range(len(names)), [name.replace(" ", "\n") for name in names])
    axes.tick_params(axis="x", labelsize=7)
