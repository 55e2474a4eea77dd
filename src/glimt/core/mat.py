"""A frame of a MATLAB file (version 5 to 7.2): the last plane of its one stack of numbers.

Levels of 0 to 255 and of 0 to 65535 become [0, 1] by their range, whatever their type, so that the frames of a sequence
keep their brightness to each other.
"""

from pathlib import Path
from typing import Any

import numpy as np

from glimt.core.errors import FrameError

NEWEST = b"MATLAB 7.3"  # HDF5, which SciPy does not read
RANGES = (1, 255, 65535)


def read_mat(path: Path) -> np.ndarray:
    """The frame's levels, float32 in [0, 1] or in a range of their own. Raises FrameError where there is no stack."""
    stack = stack_of(path)
    frame = np.ascontiguousarray(stack[..., -1] if stack.ndim == 3 else stack, dtype=np.float32)
    if not np.isfinite(stack).all() or stack.min() < 0:
        return frame
    ranges = RANGES if stack.dtype.kind == "f" else RANGES[1:]
    return frame / np.float32(next((top for top in ranges if stack.max() <= top), 1))


def stack_of(path: Path) -> np.ndarray:
    """The array of (rows, cols) or (rows, cols, planes) that a file holds."""
    arrays = {name: found for name, found in variables_of(path).items() if is_stack(found)}
    if len(arrays) != 1:
        names = f"{len(arrays)} stacks: {', '.join(arrays)}" if arrays else "no stack of frames"
        raise FrameError(f"{path} holds {names}; a frame's file holds one array of rows x cols x planes")
    return next(iter(arrays.values()))


def is_stack(found: Any) -> bool:
    """Whether a variable can be a frame or some."""
    return isinstance(found, np.ndarray) and found.dtype.kind in "uif" and found.ndim in (2, 3) and found.size > 1


def variables_of(path: Path) -> dict[str, Any]:
    """Every variable of a file."""
    from scipy.io import loadmat

    if head_of(path) == NEWEST:
        raise FrameError(f"{path} is of MATLAB 7.3, which is not read; save it with -v7, or the frame as PNG")
    try:
        return {name: found for name, found in loadmat(path).items() if not name.startswith("__")}
    except Exception as error:  # a damaged file raises nearly anything
        raise FrameError(f"cannot decode {path}: {error}") from error


def head_of(path: Path) -> bytes:
    """The first bytes, which tell the version."""
    try:
        with path.open("rb") as file:
            return file.read(len(NEWEST))
    except OSError as error:
        raise FrameError(f"cannot read {path}: {error.strerror or error}") from error
