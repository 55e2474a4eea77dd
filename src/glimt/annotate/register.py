"""Bring the frames of a dataset into its project: new ones appear, absent ones are marked, and no frame is read."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from glimt.annotate.store import Store, reading, writing
from glimt.core.errors import DataError
from glimt.core.sequence import kind_of
from glimt.core.types import Place, Record
from glimt.data.dataset import FALLBACK, layouts_of, open_dataset
from glimt.data.layouts.moments import folders_in, frames_in, videos_in

VIDEO = "video"  # the layout's name where frames are those of one file, or of videos without labels
COLUMNS = "file, page, sequence, position, missing"


class Registered(NamedTuple):
    """What opening a folder changed."""

    added: int
    missing: int
    back: int


def records_of(root: Path, layout: str | None = None) -> tuple[str, list[Record]]:
    """The layout and the frames of a dataset, a folder, a video or a stack, in their order."""
    if root.is_file() and root.suffix.lower() != ".json" and kind_of(root) != "frame":
        return VIDEO, frames_in(root, root.stem)
    try:
        dataset = open_dataset(root, (None if layout == VIDEO else layout) or plain(root))
    except DataError:
        videos = videos_in(root) if root.is_dir() else []
        if layout not in (None, VIDEO) or not videos:
            raise
        return VIDEO, [record for video in videos for record in frames_in(video, video.stem)]
    return dataset.layout, dataset.records()


def plain(root: Path) -> str | None:
    """The plain folder's layout where no other fits and no folder lies in `root`: then none need be looked into."""
    return FALLBACK if not folders_in(root) and layouts_of(root) == [FALLBACK] else None


def register(store: Store, root: Path, records: Sequence[Record]) -> Registered:
    """Note the frames of `records`; one that is gone keeps its targets and is marked."""
    with reading(store) as db:
        known = {row["id"]: tuple(row)[1:] for row in db.execute(f"SELECT id, {COLUMNS} FROM frame")}
    wanted = {record.id: (*where(root, record), record.sequence or "", i, 0) for i, record in enumerate(records)}
    added = [(id, *row) for id, row in wanted.items() if id not in known]
    changed = [(*row, id) for id, row in wanted.items() if id in known and known[id] != row]
    gone = [(id,) for id, row in known.items() if id not in wanted and not row[-1]]
    back = sum(1 for *_, id in changed if known[id][-1])
    if added or changed or gone:
        write(store, added, changed, gone)
    return Registered(len(added), len(gone), back)


def write(store: Store, added: list[Any], changed: list[Any], gone: list[Any]) -> None:
    """All of it in one transaction; another process may have added the same frames meanwhile."""
    with writing(store) as db:
        db.executemany(f"INSERT OR IGNORE INTO frame (id, {COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", added)
        sets = ", ".join(f"{name} = ?" for name in COLUMNS.split(", "))
        db.executemany(f"UPDATE frame SET {sets} WHERE id = ?", changed)
        db.executemany("UPDATE frame SET missing = 1 WHERE id = ?", gone)


def where(root: Path, record: Record) -> tuple[str, int | None]:
    """A record's file, relative to the dataset's folder where it lies in it, and its page."""
    folder, file = os.path.abspath(base(root)), os.path.abspath(record.image)  # noqa: PTH100  (links stay links)
    inside = file.startswith(folder + os.sep)
    return (file[len(folder) + 1 :].replace(os.sep, "/") if inside else file), record.page


def place_in(root: Path, file: str, page: int | None) -> Place:
    """Where a frame that was noted so lies now."""
    return Place(base(root) / file, page)


def base(root: Path) -> Path:
    """The folder that a dataset, or the file that stands for one, lies in."""
    return root.parent if root.is_file() else root


def noted(store: Store, name: str) -> str | None:
    """A fact of the project, such as its layout."""
    with reading(store) as db:
        row = db.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
    return row and row["value"]


def note(store: Store, name: str, value: str) -> None:
    """Write down a fact of the project."""
    if noted(store, name) != value:
        with writing(store) as db:
            db.execute("INSERT OR REPLACE INTO fact (name, value) VALUES (?, ?)", (name, value))
