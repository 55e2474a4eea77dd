"""Labels as a whole over the epochs of a run: curves, the numbers behind them, and the masks of HMG's two stages."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from glimt.report.histories import ALARMS, spread
from glimt.report.page import Note, Plot, Section, Table
from glimt.report.plots import Curve, trends
from glimt.report.values import show
from glimt.training.evolution import Target, summary

HEADINGS = {"targets": "targets", "area": "mean area, px", "iou": "mean IoU", "pa": "mean PA"}
STEEP = 30  # a loss that falls more than so many times is drawn over powers of ten
MASKS = {  # Table 4 of paper 003
    "initial": "initial, drawn by the labeler",
    "prediction": "prediction of the network",
    "filtered": "prediction without false alarms (FAF)",
    "hybrid": "hybrid: what was missed is back (MDR)",
}

Rows = Sequence[Mapping[str, Any]]


def label_section(updates: Mapping[int, Sequence[Target]], log: Rows, most: int) -> Section:
    """Curves of all updates, and the numbers of at most `most` of them."""
    means = {epoch: summary(list(rows)) for epoch, rows in updates.items()}
    chosen = {epoch: means[epoch] for epoch in spread(list(means), most)}
    note = Note("PA is the share of a true target's pixels that its label covers. Epoch 0 is before the training.")
    return Section("Labels over epochs", [*plots(means, log), number_table(chosen), note])


def plots(means: Mapping[int, Mapping[str, Any]], log: Rows) -> Iterator[Plot]:
    """Area, overlap with the truth where it is known, alarms, loss."""
    yield trend("Mean area of a label", {"area": curve(means, "area")}, "px")
    shares = {heading: curve(means, name) for name, heading in (("iou", "IoU"), ("pa", "PA"))}
    if shares["IoU"][0]:
        yield trend("Mean over targets of IoU and PA with the true target", shares, "share")
    yield trend("Targets under an alarm", {kind: curve(means, kind) for kind in ALARMS}, "targets")
    losses = {row["epoch"]: row for row in log}
    if losses:
        yield trend("Mean training loss of an epoch", {"loss": curve(losses, "loss")}, "loss")


def curve(rows: Mapping[int, Mapping[str, Any]], name: str) -> Curve:
    """One value over the epochs that have it."""
    known = {epoch: row[name] for epoch, row in rows.items() if name in row}
    return list(known), list(known.values())


def trend(caption: str, lines: Mapping[str, Curve], unit: str) -> Plot:
    """A plot of curves over epochs; in words, where each begins and ends."""
    ends = [f"{name} from {up[0]:.4g} to {up[-1]:.4g}" for name, (_, up) in lines.items() if up]
    every = [value for _, up in lines.values() for value in up]
    steep = min(every) > 0 and max(every) > STEEP * min(every)
    return Plot(trends(lines, unit, steep), caption, f"{caption}: {', '.join(ends)}")


def number_table(means: Mapping[int, Mapping[str, Any]]) -> Table:
    """The numbers behind the curves, an update a row."""
    names = [name for name in (*HEADINGS, *ALARMS) if any(name in row for row in means.values())]
    rows = [[str(epoch), *(written(name, row.get(name)) for name in names)] for epoch, row in means.items()]
    return Table(["epoch", *(HEADINGS.get(name, name) for name in names)], rows)


def written(name: str, value: Any) -> str:
    """A number of a summary as the table shows it."""
    return f"{value:.2f}" if name == "area" else show("iou" if name == "pa" else name, value)


def mask_section(log: Rows) -> list[Section]:
    """The masks on the way from the first stage to the second, scored over the dataset; nothing under other recipes."""
    noted = [row for row in log if "masks" in row]
    if not noted:
        return []
    masks = noted[-1]["masks"]
    rows = [
        [MASKS.get(name, name), *(show(key, one.get(key)) for key in ("iou", "pd", "fa"))]
        for name, one in masks.items()
    ]
    caption = f"After epoch {noted[-1]['epoch']}, against the true masks of the training frames. IoU is pooled."
    return [Section("Masks between the stages", [Table(["mask", "IoU", "Pd", "Fa"], rows, caption)])]
