"""Copies of a project file: one before its tables change, and one a day; the newest few are kept."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from glimt.core.errors import OutputError
from glimt.core.files import draft

KEPT = 3


def back_up(db: sqlite3.Connection, path: Path, name: str) -> Path:
    """Write a whole copy as `<file>.<name>.bak`; older copies beyond the newest few are removed."""
    copy = path.with_name(f"{path.name}.{name}.bak")
    try:
        with draft(copy) as beside:
            db.execute("VACUUM INTO ?", (str(beside),))
    except sqlite3.OperationalError as error:
        raise OutputError(f"cannot write the backup {copy}: {error}; {path.name} is left as it is") from error
    for old in backups_of(path)[KEPT:]:
        old.unlink(missing_ok=True)
    return copy


def back_up_daily(db: sqlite3.Connection, path: Path) -> None:
    """Write today's copy, once, where anything was ever done."""
    name = datetime.now(UTC).strftime("%Y-%m-%d")
    done = db.execute("SELECT 1 FROM op LIMIT 1").fetchone()
    if done and not path.with_name(f"{path.name}.{name}.bak").exists():
        back_up(db, path, name)


def backups_of(path: Path) -> list[Path]:
    """The copies beside a project file, newest first."""
    found = [one for one in path.parent.glob("*.bak") if one.name.startswith(f"{path.name}.")]
    return sorted(found, key=lambda one: (one.stat().st_mtime_ns, one.name), reverse=True)
