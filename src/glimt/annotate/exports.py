"""Write what people said: the house's points.csv and masks/, or any format of `glimt convert`, and a zip of either.

The same labels give the same bytes, whoever made them in whatever order. A frame is written once somebody accepted a
target on it, or said that it is done: without a target, then, it is known to be empty.
"""

import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path

import numpy as np

from glimt.annotate.masks import region_in
from glimt.annotate.project import Options, Project, open_frame, open_project, records_in, root_of
from glimt.annotate.register import VIDEO, noted
from glimt.annotate.store import TARGETS, as_target, reading
from glimt.annotate.values import Status, Target
from glimt.core.errors import DataError
from glimt.core.files import draft
from glimt.core.types import Point, Record
from glimt.data.convert import Conversion, Source, convert, note_files, refuse_overlap, removed_on_error
from glimt.data.dataset import frames_of, open_dataset
from glimt.data.formats.annotated import Annotated, annotate
from glimt.data.formats.format import Lists
from glimt.data.formats.png import mask_of, write_mask
from glimt.data.layouts.lists import id_of
from glimt.data.points import write_points

HOUSE = "glimt"  # points.csv and masks/<id>.png, as `glimt label` writes and reads them
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # a zip's first day, so that equal contents are equal zips


def export(
    project: Project, out: Path, to: str = HOUSE, statuses: Collection[Status] = ("accepted",), split: str | None = None
) -> Conversion:
    """Write the labels of a project to `out`, of one split or of all frames; on any error nothing is left there."""
    source = labelled(project, statuses, split)
    if not source.records:
        raise DataError(
            f"{project.store.path} has nothing to export: no frame is done, no target {' or '.join(statuses)}"
        )
    return write_house(source, out) if to == HOUSE else convert(source, out, to)


def labelled_in(database: Path, split: str | None = None) -> Source:
    """What was accepted in a project's file, for `glimt convert`; the file is only read."""
    project = open_project(root_of(database), Options(readonly=True, database=database))
    try:
        return labelled(project, split=split)
    finally:
        project.close()


def labelled(project: Project, statuses: Collection[Status] = ("accepted",), split: str | None = None) -> Source:
    """The frames that have a label, with their targets of these statuses, as `glimt convert` takes them."""
    records, lists = records_in(project), lists_of(project)
    if split is not None:
        lists = {name: ids for name, ids in lists.items() if name == split}
        if not lists:
            raise DataError(f"{project.root} has no split {split!r}")
    chosen = set().union(*lists.values()) if split is not None else None
    targets, done = labels_of(project, statuses)
    kept = [
        with_targets(project, record, targets.get(record.id, []))
        for record in records
        if (chosen is None or record.id in chosen) and (record.id in targets or record.id in done)
    ]
    return Source(project.root, kept, lists)


def labels_of(project: Project, statuses: Collection[Status]) -> tuple[dict[str, list[Target]], set[str]]:
    """The targets of each frame, in an order that rests on nothing but their places, and the frames that are done."""
    found: dict[str, list[Target]] = {}
    with reading(project.store) as db:
        for row in db.execute(f"{TARGETS} WHERE t.deleted = 0"):
            if row["status"] in statuses:
                found.setdefault(row["frame_id"], []).append(as_target(row))
        done = {id for (id,) in db.execute("SELECT id FROM frame WHERE verdict = 'done'")}
    return {id: sorted(targets, key=order_of) for id, targets in found.items()}, done


def order_of(target: Target) -> tuple[Point, str, tuple[Point, ...]]:
    """Rows first, then cols, of the centroid or the click."""
    place = target.seeds[0] if target.figures.row is None else (target.figures.row, target.figures.col or 0.0)
    return place, target.mask.counts if target.mask else "", target.seeds


def with_targets(project: Project, record: Record, targets: list[Target]) -> Record:
    """A record with its labels. Raises DataError where some targets of a frame have a mask and some have none."""
    points = tuple(target.seeds[0] for target in targets)
    masks = [target.mask for target in targets if target.mask is not None]
    if masks and len(masks) < len(targets):
        raise DataError(
            f"{record.id}: {len(masks)} of {len(targets)} targets have a mask; draw the others, or reject them"
        )
    shape = open_shape(project, record.id) if masks else (0, 0)
    regions = tuple(region_in(mask, shape) for mask in masks)
    return Record(record.id, record.image, None, points, (), regions, not targets, record.page, record.sequence)


def open_shape(project: Project, id: str) -> tuple[int, int]:
    """(rows, cols) of a frame, as it was noted when it was opened."""
    with reading(project.store) as db:
        rows, cols = db.execute("SELECT rows, cols FROM frame WHERE id = ?", (id,)).fetchone()
    if rows is None:
        rows, cols = open_frame(project, id).image.shape
    return rows, cols


def lists_of(project: Project) -> Lists:
    """The splits of the dataset, with the frames of each that are there."""
    layout = noted(project.store, "layout")
    if layout in (None, VIDEO):
        return {}
    known = {record.id for record in records_in(project)}
    splits = open_dataset(project.root, layout).lists()
    return {name: frames_of(part._replace(names=present(part.names, known)), known) for name, part in splits.items()}


def present(names: tuple[str, ...], known: Collection[str]) -> tuple[str, ...]:
    """The names of a list that are frames."""
    return tuple(name for name in names if id_of(name, known) is not None)


def write_house(source: Source, out: Path) -> Conversion:
    """Write points.csv and masks/<id>.png; frames with clicks alone have no mask."""
    refuse_overlap(source.root, out)
    frames = list(annotated_of(source))
    with removed_on_error(out) as written:
        for frame in frames:
            if all(target.region for target in frame.targets):
                written.append(out / "masks" / f"{frame.id}.png")
                write_mask(written[-1], mask_of(frame))
        written.append(out / "points.csv")
        write_points(out / "points.csv", {one.id: np.array(one.points, float).reshape(-1, 2) for one in frames})
        note_files(out, written)
    return Conversion(len(frames), sum(len(frame.points) for frame in frames), 0, len(written))


def annotated_of(source: Source) -> Iterator[Annotated]:
    """The frames target by target."""
    for record in source.records:
        frame = annotate(record, None, np.random.default_rng(0))
        if frame is not None:
            yield frame


def zip_folder(folder: Path, path: Path) -> Path:
    """Pack a folder, its files sorted and without times; notes to ourselves stay out."""
    files = sorted(file for file in folder.rglob("*") if file.is_file() and not file.name.startswith("."))
    with draft(path) as beside, zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in files:
            entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, file.read_bytes())
    return path
