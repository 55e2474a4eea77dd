"""Bring labels from files into a project: clicks, masks, or a whole dataset of any layout.

A frame that ever had a target or was judged stays as it is, so an import that is repeated adds nothing.
"""

import uuid as names
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from glimt.annotate.gestures import Change, keep
from glimt.annotate.masks import boxed
from glimt.annotate.project import Project, records_in
from glimt.annotate.store import as_frame, writing
from glimt.annotate.values import Author, Figures, Frame, Status, Target, Verdict
from glimt.core.errors import DataError
from glimt.core.targets import effective_radius
from glimt.data.convert import Source, load, refuse_strange, with_masks, with_points
from glimt.data.formats.annotated import Annotated, annotate
from glimt.data.formats.annotated import Target as Known
from glimt.data.regions import mask_of


@dataclass(frozen=True)
class Imported:
    """How many frames and targets came in, and how many frames stayed as they were."""

    frames: int
    targets: int
    kept: int


def import_files(
    project: Project, user: str, points: Path | None = None, masks: Path | None = None, status: Status = "candidate"
) -> Imported:
    """Bring in clicks (what `glimt label` reads as such), a folder of masks, or masks with their clicks."""
    source = Source(project.root, list(records_in(project)), {})
    source = source if masks is None else with_masks(source, masks)
    return import_source(project, user, source if points is None else with_points(source, points), status)


def import_dataset(project: Project, user: str, root: Path, status: Status = "candidate") -> Imported:
    """Bring in the labels of a dataset whose frames have the same names, such as an export in COCO."""
    source = load(root)
    refuse_strange([record.id for record in source.records], Source(project.root, list(records_in(project)), {}), root)
    return import_source(project, user, source, status)


def import_source(project: Project, user: str, source: Source, status: Status) -> Imported:
    """Bring in what is known of the frames, in one transaction, one op a frame."""
    rng = np.random.default_rng(0)
    found = [one for one in (annotate(record, None, rng) for record in source.records) if one is not None]
    counts = {"frames": 0, "targets": 0, "kept": 0}
    with writing(project.store) as db:
        for one in found:
            row = db.execute("SELECT * FROM frame WHERE id = ?", (one.id,)).fetchone()
            if row is None:
                raise DataError(f"the project has no frame {one.id!r}")
            if db.execute("SELECT 1 FROM op WHERE frame = ? LIMIT 1", (row["number"],)).fetchone():
                counts["kept"] += 1
                continue
            frame = sized(project, as_frame(row), one)
            change = change_of(frame, one, status)
            keep(project.store, db, frame, (Author(user, str(names.uuid4())), "import"), change)
            counts["frames"] += 1
            counts["targets"] += len(change.targets)
    return Imported(**counts)


def sized(project: Project, frame: Frame, one: Annotated) -> Frame:
    """The frame with its size, where masks tell it."""
    if frame.rows is not None or not any(target.region for target in one.targets):
        return frame
    rows, cols = one.shape
    project.store.db.execute("UPDATE frame SET rows = ?, cols = ? WHERE number = ?", (rows, cols, frame.number))
    return replace(frame, rows=rows, cols=cols)


def change_of(frame: Frame, one: Annotated, status: Status) -> Change:
    """The targets of a frame; one that is known to be empty is done where its labels count as accepted."""
    targets = [target_from(frame.id, known, status) for known in one.targets]
    verdict: tuple[Verdict | None, str] | None = ("done", "") if not targets and status == "accepted" else None
    return Change(targets, verdict)


def target_from(frame: str, known: Known, status: Status) -> Target:
    """A target of a file. Its pixels are not looked at now, so nothing but its shape is measured."""
    mask = None if known.region is None else boxed(mask_of(known.region))
    figures, uuid = Figures(), str(names.uuid4())
    if mask is not None:
        rows, cols = np.nonzero(mask.pixels())
        row, col = mask.box[0] + float(rows.mean()), mask.box[1] + float(cols.mean())
        radius = float(effective_radius(np.array([rows.size]))[0])
        figures = Figures(area=rows.size, row=row, col=col, radius=radius)
    return Target(uuid, frame, uuid, (known.click,), (), mask, figures, "import", {}, status, "")
