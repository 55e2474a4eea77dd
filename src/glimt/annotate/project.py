"""A project: a dataset, the file beside it that keeps what people say of its frames, and the frames that are open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from glimt.annotate.frames import Frames, Opened
from glimt.annotate.propose import known_labelers
from glimt.annotate.register import Registered, base, note, noted, place_in, records_of, register
from glimt.annotate.store import Store, frame_of, open_store, reading, targets_on, writing
from glimt.annotate.values import Frame
from glimt.core.errors import DataError
from glimt.core.raw import RawFormat
from glimt.core.types import Record

NAME = "project.glimt.db"


@dataclass(frozen=True)
class Options:
    """How a project is opened."""

    layout: str | None = None
    readonly: bool = False
    database: Path | None = None  # None: beside the dataset
    runs: tuple[Path, ...] = ()  # trained networks that may propose masks
    raw: RawFormat | None = None


@dataclass(frozen=True)
class Project:
    """An open project. `labelers` are those that may propose masks, by name."""

    root: Path
    store: Store
    frames: Frames
    labelers: Mapping[str, str]
    readonly: bool = False
    changes: Registered = field(default=Registered(0, 0, 0))

    def close(self) -> None:
        """Close the project's file."""
        self.store.close()


def open_project(root: Path, options: Options | None = None) -> Project:
    """Open the project of a dataset, a folder of frames, a video or a stack; made where there is none."""
    options = options or Options()
    if not root.exists():
        raise DataError(f"no frames at {root}: there is no such file or folder")
    labelers = known_labelers(options.runs)
    store = open_store(options.database or database_of(root), options.readonly)
    try:
        changes = Registered(0, 0, 0) if options.readonly else registered(store, root, options.layout)
    except BaseException:
        store.close()
        raise
    return Project(root, store, Frames(options.raw), labelers, options.readonly, changes)


def database_of(root: Path) -> Path:
    """Where the project of a dataset lies: in its folder, or beside the file that stands for it."""
    return root.with_name(f"{root.name}.{NAME}") if root.is_file() else root / NAME


def root_of(database: Path) -> Path:
    """What a project's file stands beside; where it lies elsewhere, the place that it notes."""
    if database.name == NAME:
        return database.parent
    beside = database.with_name(database.name.removesuffix(f".{NAME}"))
    if beside != database and beside.is_file():
        return beside
    store = open_store(database, readonly=True)
    try:
        return Path(noted(store, "root") or beside)
    finally:
        store.close()


def registered(store: Store, root: Path, layout: str | None) -> Registered:
    """Bring the frames in; a project keeps the layout it was begun with, as the frames' ids rest on it."""
    begun = noted(store, "layout")
    try:
        found, records = records_of(root, layout or begun)
    except DataError:
        if layout is not None or begun is None:
            raise
        found, records = records_of(root)
    changes = register(store, root, records)
    note(store, "layout", found)
    note(store, "root", str(root.absolute()))
    return changes


def open_frame(project: Project, id: str) -> Opened:
    """A frame's pixels; its size is noted when it is first opened.

    Raises FrameError where it cannot be read, DataError where it has another size than when it was labelled.
    """
    frame = frame_of(project.store, id)
    opened = project.frames.open(place_in(project.root, frame.file, frame.page))
    shape = opened.image.shape
    if (frame.rows, frame.cols) == shape or project.readonly:
        return opened
    if frame.rows is not None and targets_on(project.store, id):
        raise DataError(
            f"{id} is {shape[0]} x {shape[1]} now, but was {frame.rows} x {frame.cols} when it was labelled"
        )
    with writing(project.store) as db:
        values = *shape, opened.levels.dtype.itemsize * 8, frame.number
        db.execute("UPDATE frame SET rows = ?, cols = ?, bits = ? WHERE number = ?", values)
    return opened


def neighbour(project: Project, frame: Frame, step: int) -> Frame | None:
    """The frame so many frames behind (below zero: before) in the same sequence; None beyond its ends."""
    order, side = ("ASC", ">") if step > 0 else ("DESC", "<")
    query = f"SELECT id FROM frame WHERE sequence = ? AND position {side} ? AND missing = 0 ORDER BY position {order}"
    with reading(project.store) as db:
        row = db.execute(f"{query} LIMIT 1 OFFSET ?", (frame.sequence, frame.position, abs(step) - 1)).fetchone()
        return None if row is None else frame_of(project.store, row["id"])


def records_in(project: Project) -> Sequence[Record]:
    """The frames that are there as records of a dataset, in their order, without labels."""
    with reading(project.store) as db:
        rows = db.execute("SELECT id, file, page, sequence FROM frame WHERE missing = 0 ORDER BY position").fetchall()
    folder = base(project.root)
    return [Record(id, folder / file, page=page, sequence=sequence or None) for id, file, page, sequence in rows]
