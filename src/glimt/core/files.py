"""Write a file beside its place, then move it there: nothing half-written is ever read."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import cv2
import numpy as np

from glimt.core.errors import OutputError


@contextmanager
def draft(path: Path) -> Iterator[Path]:
    """A path to write to; on success it becomes `path`, on any error (Ctrl-C too) it is removed.

    Raises OutputError where the folder cannot be written.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield beside
        beside.replace(path)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        with suppress(OSError):  # where a part of the path is a file, there is nothing to remove
            beside.unlink()


def write_text(path: Path, text: str) -> None:
    """Write `text` as UTF-8 with plain newlines."""
    with draft(path) as beside:
        beside.write_text(text, encoding="utf-8", newline="\n")


def write_png(path: Path, pixels: np.ndarray) -> None:
    """Write an 8- or 16-bit grey or BGR array as PNG."""
    done, code = cv2.imencode(".png", pixels)
    if not done:
        raise OutputError(f"cannot encode {path} from {pixels.dtype} {pixels.shape}")
    with draft(path) as beside:
        beside.write_bytes(code.tobytes())


def claim_output(path: Path, overwrite: bool) -> None:
    """Refuse a file or a filled folder that exists already, unless `overwrite`."""
    if overwrite or not path.exists() or (path.is_dir() and not any(path.iterdir())):
        return
    raise OutputError(f"{path} exists already; give another place, or --overwrite to replace what is there")
