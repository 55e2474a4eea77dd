"""The page of an evaluation: values with raw counts, curves, bins, the worst images, and the protocol behind them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from glimt.core.squares import square
from glimt.core.types import Point, ScoreMap
from glimt.metrics.evaluate import Evaluation, Row
from glimt.metrics.pair import Comparison, Pair
from glimt.metrics.profile import Profile
from glimt.report.overlay import Picture, frame_with_box, magnify, overlay
from glimt.report.page import Cell, Key, Note, Pictures, Plot, Section, Table, write_page
from glimt.report.plots import bars, curves, histogram
from glimt.report.values import percent, raw, show, word

WINDOW = 33  # px around the worst place of an image
SCALE = 7
BINS = {  # table -> column, its axes, what it shows
    "pd_by_scale": ("pd", "pixels of the target, below", "Pd", "Pd of the targets smaller than each bound"),
    "pd_by_contrast": ("pd", "local contrast of 255, below", "Pd", "Pd of the targets fainter than each bound"),
    "boundary": (
        "iou",
        "rho, from",
        "mean IoU",
        "IoU by boundary satisfaction rho; above 1 the growth stops by itself",
    ),
}

OF_SEQUENCES = {  # the columns of the table of sequences, where the profile has them
    "pd": "Pd",
    "fa": "Fa",
    "f_at": "F_at",
    "false_per_frame": "false a frame",
    "iou": "IoU",
    "niou": "nIoU",
    "miou": "mIoU",
    "pd_at_fa_1e-5": "Pd at Fa 1e-5",
    "auc_target_low": "area to Fa 1e-4",
}


def evaluation_page(
    path: Path, evaluation: Evaluation, profile: Profile, cases: Sequence[Pair] = (), lead: str = ""
) -> None:
    """Write the page. `cases` are the images to show, worst first; those without a frame are shown on black."""
    images, targets = len(evaluation.rows), evaluation.counts.get("targets")
    scored = f"{images} images" + (f" with {targets} true targets" if targets is not None else "")
    sections = [
        Section("Scores", [values_table(evaluation), Note(_intervals_note(evaluation))]),
        Section("Sequences", [Table(*by_sequence(evaluation))] if len(evaluation.sequences) > 1 else []),
        Section("Curves", _curves(evaluation)),
        Section("Where it fails", [*_bins(evaluation), *_spread(evaluation)]),
        Section("Worst images", _cases(evaluation, profile, cases)),
        Section("Protocol", [Note(protocol(profile))]),
    ]
    title = f"Evaluation under {evaluation.profile}"
    lead = lead or f"Found against true {'points' if profile.points else 'masks'}"
    write_page(path, title, f"{lead}: {scored}.", [s for s in sections if s.blocks])


def values_table(evaluation: Evaluation) -> Table:
    """Each value with the counts it was read from and, where drawn, its interval."""
    columns = ["value", "measured", "counts", *(["95 % interval"] if evaluation.intervals else [])]
    rows = []
    for name, value in evaluation.values.items():
        row = [word(name).heading, show(name, value), raw(name, evaluation.counts)]
        low_high = evaluation.intervals.get(name)
        between = f"{show(name, low_high[0])} to {show(name, low_high[1])}" if low_high else ""
        rows.append([*row, between] if evaluation.intervals else row)
    return Table(columns, rows)


def by_sequence(evaluation: Evaluation) -> tuple[list[str], list[list[str]]]:
    """Columns and rows: the values that tell of detection for each sequence, then for all."""
    shown = [name for name in OF_SEQUENCES if name in evaluation.values]
    parts = {**{name: (part.images, part.values, part.counts) for name, part in evaluation.sequences.items()}}
    parts["all"] = len(evaluation.rows), evaluation.values, evaluation.counts
    rows = []
    for name, (images, values, counts) in parts.items():
        hits = [raw("pd", counts)] if "pd" in shown else []
        rows.append([name, str(images), *hits, *(show(key, values.get(key)) for key in shown)])
    head = ["hits"] if "pd" in shown else []
    return ["sequence", "frames", *head, *(OF_SEQUENCES[key] for key in shown)], rows


def protocol(profile: Profile) -> str:
    """How a score map became a mask and a found target became a hit, in a few sentences."""
    above = "at least" if profile.inclusive else "above"
    size = f"maps resized to {profile.size[0]}x{profile.size[1]}" if profile.size else "maps at their own size"
    last = (
        "Where there is no mask, a true target is a point; there is no IoU."
        if profile.points
        else "IoU is pooled over the dataset; the field often prints it as mIoU."
    )
    return (
        f"Profile {profile.name}: found is a score {above} {profile.threshold:g}, {size}, targets are 8-connected "
        f"blobs. Scores under different profiles do not compare. {last}"
    )


def _intervals_note(evaluation: Evaluation) -> str:
    counts = "Counts add over images: a value is read off their sums, shown beside it as numerator/denominator."
    return counts + (" Intervals are percentiles of a bootstrap over images." if evaluation.intervals else "")


def _curves(evaluation: Evaluation) -> list[Plot]:
    plots, tables = [], evaluation.tables
    if "roc" in tables:
        area = show("auc_pixel", evaluation.values.get("auc_pixel"))
        svg = curves(
            {"ROC": (tables["roc"]["fpr"], tables["roc"]["tpr"])}, "false positive rate", "true positive rate", True
        )
        plots.append(Plot(svg, f"ROC of pixels, area {area}", f"ROC curve of pixels, area under it {area}"))
    if "detection_curve" in tables:
        plots.append(_detection_plot(evaluation, tables["detection_curve"]))
    return plots


def _detection_plot(evaluation: Evaluation, table: Mapping[str, list]) -> Plot:
    fa, pd = (evaluation.values.get(name, float("nan")) for name in ("fa", "pd"))
    marked = (fa, pd) if np.isfinite([fa, pd]).all() else None
    svg = curves({"Pd": (table["fa"], table["pd"])}, "Fa, false pixels / all pixels", "Pd", True, marked)
    said = f"Pd {show('pd', pd)} at Fa {show('fa', fa)}"
    return Plot(svg, f"Pd against Fa over all thresholds; {said} at the profile's", f"Pd against Fa; {said}")


def _bins(evaluation: Evaluation) -> list[Plot]:
    return [
        _bar_plot(evaluation.tables[name], height, x, y, caption)
        for name, (height, x, y, caption) in BINS.items()
        if name in evaluation.tables
    ]


def _spread(evaluation: Evaluation) -> list[Plot]:
    ious = [row.counts["image_iou"] for row in evaluation.rows if "image_iou" in row.counts]
    if not ious:
        return []
    counts, edges = np.histogram(ious, bins=20, range=(0, 1))
    middle = f"half of the images are above {percent(float(np.median(ious)))}"
    svg = histogram(edges.tolist(), counts.tolist(), "IoU of an image", "images")
    return [Plot(svg, f"IoU of each image; {middle}", f"Histogram of the IoU of {len(ious)} images; {middle}")]


def _bar_plot(table: Mapping[str, list], height: str, x: str, y: str, caption: str) -> Plot:
    names = [f"{start:g}" for start in table["below" if "below" in table else "from"]]
    if "hits" in table:
        notes = [f"{hit}/{count}" for hit, count in zip(table["hits"], table["targets"], strict=True)]
    else:
        notes = [f"n={count}" for count in table["targets"]]
    alt = f"{caption}: " + ", ".join(
        f"{name} {'none' if value != value else percent(value)}"
        for name, value in zip(names, table[height], strict=True)
    )
    return Plot(bars(names, table[height], x, y, notes), caption, alt)


def _cases(evaluation: Evaluation, profile: Profile, cases: Sequence[Pair]) -> list[Any]:
    rows = {row.id: row for row in evaluation.rows}
    strips = [_case(profile.compare(pair), pair.id, rows.get(pair.id)) for pair in cases]
    return [Key(), *strips] if strips else []


def _case(seen: Comparison, name: str, row: Row | None) -> Pictures:
    rows, cols = seen.true.shape
    image = np.zeros((rows, cols), dtype=np.float32) if seen.image is None else seen.image
    place = square((rows, cols), _worst_place(seen), WINDOW)
    crop, found, true = image[place], seen.found[place], seen.true[place]
    cells = [
        Cell("frame", frame_with_box(image, place), f"Frame {name} with the window marked"),
        Cell("window", overlay(crop, scale=SCALE), f"Window of {name} without lines"),
        Cell("found and true", overlay(crop, found, true, scale=SCALE), f"Window of {name}: found and true outlines"),
    ]
    if seen.scores is not None:
        cells.append(Cell("scores, black 0 to white 1", _scores(seen.scores[place]), f"Scores in the window of {name}"))
    return Pictures(f"{name}: {_summary(row)}" if row else name, cells)


def _scores(scores: ScoreMap) -> Picture:
    """As they are: stretched, a map of faint scores would look as sure as one of strong ones."""
    levels = np.round(np.clip(scores, 0, 1) * 255).astype(np.uint8)
    return magnify(np.repeat(levels[..., None], 3, axis=2), SCALE)


def _worst_place(seen: Comparison) -> Point:
    """The largest true target missed, else the largest false one found, else the hit of least IoU, else the middle."""
    true, found = seen.true_targets, seen.found_targets
    false = ~np.isin(np.arange(len(found.areas)), seen.matches.found)
    for targets, kept in ((true, ~seen.hit), (found, false)):
        if kept.any():
            row, col = targets.centroids[np.argmax(np.where(kept, targets.areas, -1))]
            return float(row), float(col)
    if len(true.areas):
        row, col = true.centroids[np.argmin(seen.target_ious)]
        return float(row), float(col)
    return seen.true.shape[0] / 2, seen.true.shape[1] / 2


def _summary(row: Row) -> str:
    counts = row.counts
    parts = []
    if "image_iou" in counts:
        parts.append(f"IoU {percent(counts['image_iou'])}")
    if "hits" in counts:
        parts.append(f"{counts['hits']}/{counts['targets']} targets hit")
    if "false_targets" in counts:
        parts.append(f"{counts['false_targets']} false")
    return ", ".join(parts)
