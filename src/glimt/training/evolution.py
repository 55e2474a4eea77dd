"""How labels move: after each update a table with a row a target, and a sheet with a picture of each.

`updates/<epoch>.csv` and `updates/<epoch>.png`; epoch 0 is what the training began with. The sheet shows the 33 x 33
pixels of the label around each point, in the order of the table, 32 in a row.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from pathlib import Path
from statistics import mean
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Int

from glimt.core.errors import DataError
from glimt.core.files import write_png, write_text
from glimt.core.targets import label as blobs_of
from glimt.core.types import Image, Sample, SoftMask
from glimt.labelers.labeler import clicks_of

REACH = 16  # px from the point to the border of its picture
ACROSS = 32  # pictures in a row of the sheet
GROWN, LARGE = 3, 30  # an alarm: more than so many times the area of the update before, and larger than so many px


class Target(NamedTuple):
    """The label of one target after an update."""

    image: str
    row: int
    col: int
    area: int  # px of its blob of label > 0.5
    iou: float | None  # of that blob with the true target at the point; None where none is known
    pa: float | None  # share of the true target's pixels that the blob covers
    alarm: str  # "lost", "merged", "grown" or nothing

    @property
    def place(self) -> tuple[str, int, int]:
        """What tells this target from the others."""
        return self.image, self.row, self.col


def note_update(folder: Path, epoch: int, samples: Iterable[Sample], labels: Mapping[str, SoftMask]) -> dict[str, Any]:
    """Write the table and the sheet of one update; gives what the log says of it."""
    before = {one.place: one.area for one in last_table(folder, epoch)}
    rows: list[Target] = []
    pictures: list[Image] = []
    for sample in samples:
        label = labels.get(sample.id)
        if label is not None and len(sample.points):
            rows.extend(with_growth(one, before) for one in rows_of(sample, label))
            pictures.extend(pictures_of(sample, label))
    write_table(folder / f"{epoch:04d}.csv", rows)
    if pictures:
        write_png(folder / f"{epoch:04d}.png", sheet(pictures))
    return summary(rows)


def rows_of(sample: Sample, label: SoftMask) -> Iterator[Target]:
    """A row a point of one frame."""
    regions, count = blobs_of(label > 0.5)
    true, targets = blobs_of(sample.label > 0.5) if sample.label is not None else (np.zeros_like(regions), 0)
    shared = np.bincount((regions * (targets + 1) + true).ravel(), minlength=(count + 1) * (targets + 1))
    shared = shared.reshape(count + 1, targets + 1)  # pixels of each region within each true target; 0 is background
    places = clicks_of(sample.points, sample.image)
    owners = regions[tuple(places.T)]
    there = zip(places.tolist(), owners.tolist(), true[tuple(places.T)].tolist(), strict=True)
    for (row, col), owner, target in there:
        alarm = "lost" if not owner else "merged" if (owners == owner).sum() > 1 else ""
        area = int(shared[owner].sum()) if owner else 0
        yield Target(sample.id, row, col, area, *(overlap(shared, owner, target) if target else (None, None)), alarm)


def overlap(shared: Int[np.ndarray, "r t"], owner: int, target: int) -> tuple[float, float]:
    """IoU of a region, 0 for none, with a true target, and the share of the target's pixels that it covers (PA)."""
    both, true = int(shared[owner, target]) if owner else 0, int(shared[:, target].sum())
    found = int(shared[owner].sum()) if owner else 0
    return both / (found + true - both), both / true


def with_growth(one: Target, before: Mapping[tuple[str, int, int], int]) -> Target:
    """The same with the alarm for a label that grew too much at once, unless a worse one is set."""
    jump = one.area > LARGE and one.area > GROWN * before.get(one.place, one.area)
    return one._replace(alarm="grown") if jump and not one.alarm else one


def pictures_of(sample: Sample, label: SoftMask) -> Iterator[np.ndarray]:
    """The label around each point, 0 to 255, black beyond the frame."""
    framed = np.pad(np.rint(label * 255).astype(np.uint8), REACH)
    for row, col in clicks_of(sample.points, sample.image).tolist():
        yield framed[row : row + 2 * REACH + 1, col : col + 2 * REACH + 1]


def sheet(pictures: list[np.ndarray]) -> np.ndarray:
    """All pictures on one."""
    side = 2 * REACH + 1
    whole = np.zeros((-(-len(pictures) // ACROSS), ACROSS, side, side), dtype=np.uint8)
    whole.reshape(-1, side, side)[: len(pictures)] = pictures
    return whole.swapaxes(1, 2).reshape(-1, ACROSS * side)


def summary(rows: list[Target]) -> dict[str, Any]:
    """Means over targets, and how many alarms of each kind."""
    alarms = {name: sum(one.alarm == name for one in rows) for name in ("lost", "merged", "grown")}
    said: dict[str, Any] = {"targets": len(rows), "area": round(mean(one.area for one in rows), 2) if rows else 0.0}
    for name in ("iou", "pa"):
        known = [value for one in rows if (value := getattr(one, name)) is not None]
        if known:
            said[name] = round(mean(known), 4)
    return said | alarms


def write_table(file: Path, rows: Iterable[Target]) -> None:
    """Write one table."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(Target._fields)
    for one in rows:  # what is None is written as nothing
        writer.writerow([f"{value:.4f}" if isinstance(value, float) else value for value in one])
    write_text(file, text.getvalue())


def read_table(file: Path) -> list[Target]:
    """Read one table. Raises DataError naming a line that is no row of one."""
    with file.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        try:
            return [
                Target(
                    row["image"], int(row["row"]), int(row["col"]), int(row["area"]),
                    float(row["iou"]) if row["iou"] else None, float(row["pa"]) if row["pa"] else None, row["alarm"],
                )
                for row in reader
            ]  # fmt: skip
        except (KeyError, ValueError, TypeError) as error:
            raise DataError(f"{file}, line {reader.line_num}: no row of a table of updates ({error})") from error


def tables(folder: Path) -> dict[int, Path]:
    """The table of each update, by epoch."""
    return {int(file.stem): file for file in sorted(folder.glob("*.csv")) if file.stem.isdecimal()}


def last_table(folder: Path, epoch: int) -> list[Target]:
    """The update before that of `epoch`."""
    earlier = [at for at in tables(folder) if at < epoch]
    return read_table(tables(folder)[max(earlier)]) if earlier else []


def forget_updates(folder: Path, epoch: int) -> None:
    """Remove what was noted after `epoch`: the training goes on from there."""
    for at, file in tables(folder).items():
        if at > epoch:
            file.unlink()
            file.with_suffix(".png").unlink(missing_ok=True)
