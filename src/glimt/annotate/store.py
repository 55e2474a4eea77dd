"""The one place that talks to the project file: read a frame and its targets, write inside a transaction."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from glimt.annotate.database import damaged, open_database, transaction, unwritable
from glimt.annotate.values import Frame, Target, row_of, target_of
from glimt.core.errors import UnknownNameError

TARGETS = "SELECT t.*, f.id AS frame_id FROM target t JOIN frame f ON f.number = t.frame"
IN_ORDER = "ORDER BY COALESCE(t.\"row\", json_extract(t.seeds, '$[0][0]')), t.col, t.uuid"


@dataclass(frozen=True)
class Store:
    """One connection and the lock that threads take turns with; other processes have their own."""

    path: Path
    db: sqlite3.Connection
    lock: threading.RLock = field(default_factory=threading.RLock)
    clock: Callable[[], float] = time.time

    def now(self) -> str:
        """The time as text, UTC."""
        return datetime.fromtimestamp(self.clock(), UTC).isoformat(timespec="milliseconds")

    def close(self) -> None:
        """Close the connection; the last one to go folds the write-ahead log into the file."""
        with self.lock:
            self.db.close()


def open_store(path: Path, readonly: bool = False, clock: Callable[[], float] = time.time) -> Store:
    """The store of the project file at `path`."""
    return Store(path, open_database(path, readonly), clock=clock)


@contextmanager
def writing(store: Store) -> Iterator[sqlite3.Connection]:
    """A transaction: all of it is kept, or nothing. Raises OutputError where the file cannot be written."""
    with store.lock:
        try:
            with transaction(store.db):
                yield store.db
        except sqlite3.DatabaseError as error:
            raise translated(store, error) from error


def translated(store: Store, error: sqlite3.DatabaseError) -> Exception:
    """What a person is told; an error that only we can have made stays as it is."""
    if isinstance(error, sqlite3.OperationalError):
        return unwritable(store.path, error)
    return damaged(store.path, error) if type(error) is sqlite3.DatabaseError else error


@contextmanager
def reading(store: Store) -> Iterator[sqlite3.Connection]:
    """Several reads that see one state of the file."""
    with store.lock:
        nested = store.db.in_transaction
        try:
            if not nested:
                store.db.execute("BEGIN")
            yield store.db
        except sqlite3.DatabaseError as error:
            raise translated(store, error) from error
        finally:
            if not nested and store.db.in_transaction:
                store.db.execute("ROLLBACK")


def frame_of(store: Store, id: str) -> Frame:
    """The frame `id`. Raises UnknownNameError where the project has none."""
    return the_frame(store, "id", id)


def frame_numbered(store: Store, number: int) -> Frame:
    """The frame of a number. Raises UnknownNameError where the project has none."""
    return the_frame(store, "number", number)


def the_frame(store: Store, column: Literal["id", "number"], value: str | int) -> Frame:
    """The frame whose column has a value; either names one frame alone."""
    with reading(store) as db:
        row = db.execute(f"SELECT * FROM frame WHERE {column} = ?", (value,)).fetchone()
    if row is None:
        raise UnknownNameError(f"the project has no frame {value!r}")
    return as_frame(row)


def as_frame(row: sqlite3.Row) -> Frame:
    """A frame of its columns."""
    values: dict[str, Any] = {name: row[name] for name in Frame.__dataclass_fields__}
    values["missing"] = bool(values["missing"])
    return Frame(**values)


def find_target(store: Store, uuid: str) -> Target | None:
    """The target `uuid`, a deleted one too; None where there never was one."""
    with reading(store) as db:
        row = db.execute(f"{TARGETS} WHERE t.uuid = ?", (uuid,)).fetchone()
    return None if row is None else as_target(row)


def get_target(store: Store, uuid: str) -> Target:
    """The target `uuid`, a deleted one too. Raises UnknownNameError where there never was one."""
    target = find_target(store, uuid)
    if target is None:
        raise UnknownNameError(f"the project has no target {uuid!r}")
    return target


def targets_on(store: Store, id: str) -> tuple[Target, ...]:
    """The targets of a frame, in the order of their rows, then cols."""
    with reading(store) as db:
        rows = db.execute(f"{TARGETS} WHERE f.id = ? AND t.deleted = 0 {IN_ORDER}", (id,)).fetchall()
    return tuple(map(as_target, rows))


def as_target(row: sqlite3.Row) -> Target:
    """A target of its columns and its frame's id."""
    return target_of(dict(row) | {"frame": row["frame_id"]})


def write_targets(db: sqlite3.Connection, frame: Frame, targets: Sequence[Target]) -> None:
    """Put targets of a frame in the place of what was there under their uuids."""
    for target in targets:
        row = row_of(target)
        row |= {"frame": frame.number, "runs": None if target.mask is None else target.mask.counts.encode()}
        names = ", ".join(f'"{name}"' for name in row)
        changes = ", ".join(f'"{name}" = excluded."{name}"' for name in row)
        places = ", ".join("?" * len(row))
        db.execute(
            f"INSERT INTO target ({names}) VALUES ({places}) ON CONFLICT (uuid) DO UPDATE SET {changes}",
            tuple(row.values()),
        )
