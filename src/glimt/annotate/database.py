"""Open a project file: SQLite in WAL mode, which several processes write to in turn and a killed one cannot spoil."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from glimt.annotate.backups import back_up, back_up_daily, backups_of
from glimt.annotate.schema import STEPS
from glimt.core.errors import DataError, OutputError

BUSY = 10.0  # seconds to wait for another process's write


def open_database(path: Path, readonly: bool = False) -> sqlite3.Connection:
    """A connection to the project at `path`, made where there is none, brought to the present tables.

    Raises DataError where the file is damaged or of a newer version, OutputError where it cannot be written.
    """
    if readonly and not path.exists():
        raise DataError(f"there is no project {path} to look at; open it once without --readonly")
    db = None
    try:
        db = connect(path, readonly)
        prepare(db, path, readonly)
    except BaseException as error:
        if db is not None:
            db.close()
        if isinstance(error, sqlite3.OperationalError):
            raise unwritable(path, error) from error
        if isinstance(error, sqlite3.DatabaseError):
            raise damaged(path, error) from error
        raise
    return db


def connect(path: Path, readonly: bool) -> sqlite3.Connection:
    """A bare connection; transactions are begun by hand, and one lock of the caller's guards it."""
    mode = "ro" if readonly else "rwc"
    beside = path.with_name(path.name + "-wal").exists()
    if readonly and not beside and not os.access(path.parent, os.W_OK):
        mode = "ro&immutable=1"  # nothing can be written beside it, not even the file that readers share
    where = f"file:{quote(str(path.absolute()))}?mode={mode}"
    db = sqlite3.connect(where, uri=True, isolation_level=None, check_same_thread=False, timeout=BUSY)
    db.row_factory = sqlite3.Row
    return db


def prepare(db: sqlite3.Connection, path: Path, readonly: bool) -> None:
    """Refuse a file that is damaged or too new, else switch to WAL and bring the tables up to date."""
    db.execute("PRAGMA foreign_keys = ON")
    version = version_of(db)
    if version > len(STEPS):
        raise DataError(f"{path} is of version {version}, this Glimt knows {len(STEPS)}; update Glimt to open it")
    check(db, path)
    if readonly:
        if version < len(STEPS):
            raise DataError(f"{path} is of version {version} and must become {len(STEPS)}; open it without --readonly")
        return
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")
    migrate(db, path)
    back_up_daily(db, path)


def check(db: sqlite3.Connection, path: Path) -> None:
    """Raise DataError where pages are damaged, or where the file is some other program's."""
    (found,) = db.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise damaged(path, found)
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if tables and not {"frame", "target", "op"} <= tables:
        raise DataError(f"{path} is a database, but no project of Glimt; give another place")


def version_of(db: sqlite3.Connection) -> int:
    """The version of the tables; 0 for an empty file."""
    return db.execute("PRAGMA user_version").fetchone()[0]


def migrate(db: sqlite3.Connection, path: Path) -> None:
    """Take the steps that are missing, all or none, after a copy of what was there."""
    before = version_of(db)
    if before == len(STEPS):
        return
    if before:
        back_up(db, path, f"version{before}")
    with transaction(db):
        for version in range(version_of(db), len(STEPS)):  # another process may have been first
            for statement in filter(str.strip, STEPS[version].split(";")):
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {len(STEPS)}")


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All of what is done inside, or nothing of it."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # a full disk ends the transaction by itself
            db.execute("ROLLBACK")
        raise


def unwritable(path: Path, error: object) -> OutputError:
    """The error of a full disk, a read-only file or a lock that is never let go."""
    return OutputError(f"cannot write {path}: {error}; what was saved before is kept")


def damaged(path: Path, error: object) -> DataError:
    """The error of a file that cannot be trusted; it names the newest backup."""
    copies, reason = backups_of(path), "; ".join(str(error).splitlines())
    way = f"put its newest backup {copies[0]} in its place" if copies else "there is no backup; move it away"
    return DataError(f"{path} is damaged ({reason}); {way}")
