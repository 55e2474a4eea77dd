"""Plots as SVG text that takes its colour and its font from the page around it."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

INK = "#010203"  # stands for the page's own text colour, in light and in dark
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")  # Okabe and Ito
DASHES = ("-", "--", "-.", ":")
LEAST = 1e-6  # the smallest false-alarm rate that is told from zero
MARKED = 30  # values of a curve; more would run together
SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "glimt",  # the same plot is the same text
    "font.size": 10,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "text.parse_math": False,
}

Curve = tuple[Sequence[float], Sequence[float]]


def curves(
    lines: Mapping[str, Curve], x: str, y: str, log_x: bool = False, marked: tuple[float, float] | None = None
) -> str:
    """Named curves of shares against `x`; `marked` is the working point."""
    with rc_context(SETTINGS):
        figure, axes = _figure(x, y)
        _draw(axes, lines)
        if marked is not None:
            axes.plot(*marked, marker="o", markersize=7, color=COLOURS[1], linestyle="none", label="at the threshold")
        axes.set_ylim(-0.02, 1.02)
        if log_x:
            axes.set_xscale("symlog", linthresh=LEAST, linscale=0.4)  # zero has a place, left of LEAST
            axes.set_xlim(left=0)
            axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0e}" if value else "0")
        if len(lines) + (marked is not None) > 1:
            axes.legend(frameon=False)
        return _svg(figure)


def trends(lines: Mapping[str, Curve], y: str, log_y: bool = False) -> str:
    """Named curves of any size over epochs; few values are marked, so that a single one is seen."""
    with rc_context(SETTINGS):
        figure, axes = _figure("epoch", y)
        longest = max(len(across) for across, _ in lines.values())
        _draw(axes, lines, "o" if longest <= MARKED else "")
        _over_epochs(axes, max([1, *(epoch for across, _ in lines.values() for epoch in across)]))
        if log_y:
            axes.set_yscale("log")
            axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
        else:
            axes.set_ylim(0, 1.05 * max((max(up) for _, up in lines.values() if up), default=0) or 1)
        if len(lines) > 1:
            axes.legend(frameon=False)
        return _svg(figure)


def bars(names: Sequence[str], heights: Sequence[float], x: str, y: str, notes: Sequence[str] = ()) -> str:
    """Shares side by side, each with a note above it, such as its counts."""
    with rc_context(SETTINGS):
        figure, axes = _figure(x, y)
        known = [0 if height is None or height != height else height for height in heights]
        drawn = axes.bar(range(len(names)), known, color=COLOURS[0], width=0.7)
        axes.set_xticks(range(len(names)), names)
        if notes:
            axes.bar_label(drawn, notes, fontsize=9, padding=2)
        axes.set_ylim(0, 1.1)
        axes.grid(visible=False, axis="x")
        return _svg(figure)


def histogram(edges: Sequence[float], counts: Sequence[int], x: str, y: str) -> str:
    """How many values lie between neighbouring `edges`."""
    with rc_context(SETTINGS):
        figure, axes = _figure(x, y)
        axes.stairs(counts, edges, fill=True, color=COLOURS[0])
        axes.set_ylim(bottom=0)
        return _svg(figure)


def _draw(axes: Axes, lines: Mapping[str, Curve], marker: str = "") -> None:
    for i, (name, (across, up)) in enumerate(lines.items()):
        colour, dash = COLOURS[i % len(COLOURS)], DASHES[i % len(DASHES)]
        axes.plot(across, up, label=name, linewidth=2, color=colour, linestyle=dash, marker=marker, markersize=4)


def _over_epochs(axes: Axes, last: float) -> None:
    axes.set_xlim(-0.02 * last, 1.02 * last)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def _figure(x: str, y: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(5.2, 3.4), layout="constrained")
    axes = figure.add_subplot()
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.spines[["top", "right"]].set_visible(False)
    axes.patch.set_alpha(0)
    axes.grid(color=INK, alpha=0.15, linewidth=0.6)
    axes.set_axisbelow(True)
    return figure, axes


def _svg(figure: Figure) -> str:
    """The figure as an element to put into a page: no prolog, no addresses, no fixed size, no name used twice."""
    text = StringIO()
    figure.savefig(text, format="svg", transparent=True, metadata={"Date": None})
    svg = text.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = svg.replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "").replace("xlink:href", "href")
    svg = re.sub(
        r'(<svg[^>]*?) width="[^"]*"', r"\1", re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", svg, count=1), count=1
    )
    svg = re.sub(r"font: ([\d.]+px) [^;\"]*", r"font-size: \1", svg).replace(INK, "currentColor")
    own = "p" + hashlib.sha256(svg.encode()).hexdigest()[:8]
    return re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{own}-", svg)
