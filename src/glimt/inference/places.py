"""Where a checkpoint lies, and what its card says, without torch: the weights stay unread."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open

from glimt.core.errors import DataError

SUFFIX = ".safetensors"
CARD = "glimt"  # key of the card in the header
PREFERRED = ("best-val", "last")  # which checkpoint of a run is asked, when none is named


def file_of(path: Path) -> Path:
    """The checkpoint that a path means: itself, or that of a run. Raises DataError where there is none."""
    file = best_of(path) if path.is_dir() else path
    if not file.is_file():
        raise DataError(f"no checkpoint at {path}: there is no such file or folder")
    return file


def best_of(run: Path) -> Path:
    """The checkpoint of a run to use: best on validation, else the last one."""
    files = [run / "checkpoints" / f"{name}{SUFFIX}" for name in PREFERRED]
    for file in files:
        if file.is_file():
            return file
    raise DataError(f"{run} holds no checkpoint: neither {files[0]} nor {files[1].name}; is it a run of `glimt train`?")


def digest_of(path: Path) -> str:
    """A fingerprint of the checkpoint that a path means."""
    with file_of(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def prior_of(path: Path) -> str:
    """What a person had to give for the weights at a path, masks with the frames they were of."""
    return with_frames(origin_of(path))


def with_frames(origin: Mapping[str, Any]) -> str:
    """The prior of an origin, masks with the frames they were of."""
    prior = origin.get("prior", "unknown")
    frames = [str(origin[key]) for key in ("dataset", "train") if origin.get(key) is not None]
    return " ".join([prior, "on", *frames]) if prior == "mask-trained" and frames else prior


def origin_of(path: Path) -> dict[str, Any]:
    """Where the weights come from (prior, dataset, split), by the card in their file; nothing where it has no card."""
    file = file_of(path)
    if file.suffix != SUFFIX:
        return {}
    try:
        with safe_open(file, framework="numpy") as opened:
            return json.loads((opened.metadata() or {}).get(CARD, "{}")).get("origin", {})
    except (OSError, SafetensorError) as error:
        raise DataError(f"{file} is no whole checkpoint: {error}") from error
