"""The file that tells how a synthetic dataset came about; with it, a stopped run is known again and finished."""

import json
from pathlib import Path
from typing import Any

from glimt.core.errors import DataError
from glimt.core.files import claim_output, write_text

Parameters = dict[str, Any]


def claim(manifest: Path, counted: str, n: int, parameters: Parameters, overwrite: bool) -> Parameters:
    """What an earlier run noted, or nothing.

    A folder of the same parameters and of no more than `n` is finished; any other filled folder needs `overwrite`.
    """
    before = _read(manifest, counted, overwrite)
    same = all(before.get(key) == value for key, value in parameters.items())
    if not (before and same and before[counted] <= n):
        claim_output(manifest.parent, overwrite)
    return before


def write_json(path: Path, values: Parameters) -> None:
    """Write values as JSON that a person can read."""
    write_text(path, json.dumps(values, indent=1) + "\n")


def _read(path: Path, counted: str, overwrite: bool) -> Parameters:
    if not path.is_file():
        return {}
    try:
        before = json.loads(path.read_text(encoding="utf-8"))
        return before if isinstance(before[counted], int) else {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        if overwrite:
            return {}
        raise DataError(f"{path} is not what `glimt synth` writes; give another place, or --overwrite") from error
