"""Turn labelled frames of any layout into any format, and read back what was written."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from glimt.core.catalog import find
from glimt.core.errors import DataError, OptionError, OutputError
from glimt.core.files import write_text
from glimt.core.types import Point, Points, Record
from glimt.data.dataset import frames_of, open_dataset
from glimt.data.formats import FORMATS
from glimt.data.formats.annotated import Annotated, annotate
from glimt.data.formats.format import Format, Lists
from glimt.data.layouts.pairs import PIXELS
from glimt.data.layouts.paths import by_id, listed
from glimt.data.points import read_points
from glimt.data.snap import snapped

MANIFEST = ".convert.json"  # the files of a conversion, for --overwrite to remove
Track = Callable[[Sequence[Record]], Iterable[Record]]


@dataclass(frozen=True)
class Source:
    """Frames with what is known of them, and the splits they stand in."""

    root: Path
    records: list[Record]
    lists: Lists


@dataclass(frozen=True)
class Conversion:
    """What was written: `left_out` frames had no label of any kind."""

    frames: int
    targets: int
    left_out: int
    files: int


def load(root: Path, layout: str | None = None, split: str | None = None) -> Source:
    """A dataset, or one split of it, which then is the only one listed; or the clicks of a CSV, without frames."""
    if root.suffix.lower() == ".csv":
        return Source(root, [Record(id, root, points=as_tuples(found)) for id, found in read_points(root).items()], {})
    dataset = open_dataset(root, layout)
    records = dataset.records(split)
    chosen = dataset.lists() if split is None else {dataset.whole_name(split): dataset.split(split)}
    known = {record.id for record in records}
    lists = {name: frames_of(one, known) for name, one in chosen.items()}
    return Source(root, records, lists)


def with_masks(source: Source, folder: Path) -> Source:
    """The frames with the masks of another folder, by name. Raises DataError for a mask without a frame."""
    masks = by_id(folder, PIXELS)
    if not masks:
        raise DataError(f"{folder} holds no mask")
    refuse_strange(masks, source, folder)
    records = [replace(record, mask=masks.get(record.id), regions=(), boxes=()) for record in source.records]
    return replace(source, records=records)


def with_points(source: Source, path: Path) -> Source:
    """The frames with the clicks of a file. Raises DataError for a click without a frame."""
    points = read_points(path)
    refuse_strange(points, source, path)
    found = {id: as_tuples(places) for id, places in points.items()}
    return replace(source, records=[replace(record, points=found.get(record.id, ())) for record in source.records])


def with_snapped(source: Source, reach: int, track: Track = iter) -> Source:
    """The frames with their points, or the middles of their boxes, on the strongest extremum within `reach` px."""
    if source.root.suffix.lower() == ".csv":
        raise DataError(f"{source.root} holds no frames to look at; give the frames, and it with --points")
    return replace(source, records=snapped(source.records, reach, track))


def as_tuples(points: Points) -> tuple[Point, ...]:
    """Points as a record keeps them."""
    return tuple((row, col) for row, col in points.tolist())


def refuse_clicks(to: str, option: str) -> None:
    """Raise OptionError where a format has no place for the clicks of `option`."""
    if find(FORMATS, to, "format").needs == "boxes":
        raise OptionError(f"{option}: {to} holds boxes only, clicks would be lost; leave it out")


def refuse_strange(names: Iterable[str], source: Source, path: Path) -> None:
    """Raise DataError where a name is no frame's."""
    known = {record.id for record in source.records}
    if strange := [name for name in names if name not in known]:
        raise DataError(f"{path}: {len(strange)} names have no frame in {source.root}: {listed(strange)}")


def convert(
    source: Source,
    out: Path,
    to: str,
    kind: str | None = None,
    rng: np.random.Generator | None = None,
    track: Track = iter,
) -> Conversion:
    """Write `source` to `out` in the format `to`; with a `kind`, clicks are drawn from the masks.

    On any error (Ctrl-C too) what was written is removed. Files that an earlier conversion left are removed at the end.
    """
    form: Format = find(FORMATS, to, "format")
    if kind is not None:
        refuse_clicks(to, f"--kind {kind}")
    if source.root.suffix.lower() == ".csv" and form.layout:
        raise DataError(f"{source.root} holds no frames, and {to} needs them; give the frames, and it with --points")
    refuse_overlap(source.root, out)
    rng = np.random.default_rng(0) if rng is None else rng
    counts = {"frames": 0, "targets": 0, "left_out": 0}
    with removed_on_error(out) as written:
        frames = annotated(track(source.records), (to, kind), rng, counts)
        for path in form.write(out, frames, source.lists):
            written.append(path)  # at once, so that an error finds it
        if not counts["frames"]:
            raise DataError(f"{source.root} has no labels: no mask, box or point for any of its frames")
        note_files(out, written)
    check(out, form, counts)
    return Conversion(**counts, files=len(written))


def annotated(
    records: Iterable[Record], wanted: tuple[str, str | None], rng: np.random.Generator, counts: dict[str, int]
) -> Iterator[Annotated]:
    """The labelled frames, counted. Raises DataError where one lacks what the format needs."""
    to, kind = wanted
    for record in records:
        frame = annotate(record, kind, rng)
        if frame is None:
            counts["left_out"] += 1
            continue
        refuse_lacking(frame, to)
        counts["frames"] += 1
        counts["targets"] += len(frame.points if to == "points" else frame.targets)
        yield frame


def refuse_lacking(frame: Annotated, to: str) -> None:
    """Raise DataError where the format needs more than is known."""
    needs = find(FORMATS, to, "format").needs
    if needs == "masks" and not all(target.region for target in frame.targets):
        known = "boxes" if all(target.box for target in frame.targets) else "points"
        raise DataError(
            f"{frame.id}: only {known} are known, and {to} needs masks; draw them with `glimt label`, then add --masks"
        )
    if needs == "boxes" and not all(target.box for target in frame.targets):
        raise DataError(
            f"{frame.id}: only points are known, and {to} needs boxes; draw masks with `glimt label`, then add --masks"
        )


def refuse_overlap(root: Path, out: Path) -> None:
    """Raise OutputError where a folder would be written into its own source. A `.csv` may lie there."""
    source, place = root.resolve(), out.resolve()
    if place == source or place in source.parents or (source in place.parents and out.suffix.lower() != ".csv"):
        raise OutputError(f"{out} overlaps the source {root}; give a place outside it")


@contextmanager
def removed_on_error(out: Path) -> Iterator[list[Path]]:
    """A list for the files written; on an error they are removed, and the folders that are empty then."""
    written: list[Path] = []
    try:
        yield written
    except BaseException:
        remove(written, out)
        raise


def remove(files: Iterable[Path], out: Path) -> None:
    """Remove files, and the folders from theirs up to `out` that are empty then."""
    for path in files:
        path.unlink(missing_ok=True)
        for folder in path.parents:
            if folder != out and out not in folder.parents:
                break
            with suppress(OSError):
                folder.rmdir()


def note_files(out: Path, written: Sequence[Path]) -> None:
    """Remove what an earlier conversion wrote and this one did not, and note what this one wrote."""
    if out.is_file():
        return
    note = out / MANIFEST
    remove([path for path in noted(note) if path not in set(written)], out)
    write_text(note, json.dumps([path.relative_to(out).as_posix() for path in written]) + "\n")


def noted(note: Path) -> list[Path]:
    """The files of an earlier conversion; those outside its folder are not ours to remove."""
    try:
        names = json.loads(note.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [note.parent / name for name in names if isinstance(name, str) and ".." not in Path(name).parts]


def check(out: Path, form: Format, counts: dict[str, int]) -> None:
    """Read back what was written. Raises OutputError where it is not the same."""
    frames, targets = read_back(out, form)
    if frames not in (counts["frames"], None) or targets not in (counts["targets"], None):
        wrote = f"{counts['frames']} frames with {counts['targets']} targets"
        raise OutputError(
            f"{out} reads back as {frames} frames with {targets} targets, not {wrote}; other files lie there"
        )


def read_back(out: Path, form: Format) -> tuple[int | None, int | None]:
    """Frames and targets found; None for what the format does not say without decoding it."""
    if form.layout is None:
        return None, sum(map(len, read_points(out if out.is_file() else out / "points.csv").values()))
    records = open_dataset(out, form.layout).records()
    if form.needs == "masks":
        return sum(record.mask is not None for record in records), None
    return len(records), sum(len(record.boxes or record.points) for record in records)
