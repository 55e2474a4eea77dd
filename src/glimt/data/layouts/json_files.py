"""Read annotation files in JSON. A file is parsed once, as long as it does not change."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from glimt.core.errors import DataError

KEPT = 4  # files kept parsed: finding a layout and then reading it asks for the same ones


def read_json(path: Path) -> dict[str, Any]:
    """The object of a file. Raises DataError where the file holds anything else."""
    try:
        note = path.stat()
        found = _parse(path, note.st_mtime_ns, note.st_size)
    except (OSError, ValueError, RecursionError) as error:
        raise DataError(f"cannot read the annotations {path}: {error}") from error
    if not isinstance(found, dict):
        raise DataError(f"{path}: annotation files hold a JSON object, this one holds a {type(found).__name__}")
    return found


@lru_cache(maxsize=KEPT)
def _parse(path: Path, changed: int, size: int) -> Any:
    return json.loads(path.read_text(encoding="utf-8-sig"))
