"""Make a labeler from what a person names it by: its name, an import path, or the run of a network that draws masks.

A trained network is reached by a string alone, because labelers do not know of torch.
"""

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from glimt.core.catalog import build
from glimt.core.errors import OptionError, UnknownNameError
from glimt.labelers import LABELERS
from glimt.labelers.labeler import Labeler

LEARNED = "glimt.inference.labeler:Learned"
POINTS = "point only"  # the prior of a labeler that has learnt nothing


def make_labeler(name: str, options: Mapping[str, Any] | None = None) -> Labeler:
    """A labeler of the catalog or of an import path; else the trained network at the path `name`.

    Raises UnknownNameError where `name` is none of them.
    """
    if name not in LABELERS and Path(name).exists():
        return trained(name, options or {})
    try:
        return build(LABELERS, name, options or {}, "labeler")
    except UnknownNameError as error:
        raise UnknownNameError(f"{error}; a run of `glimt train` or a checkpoint is named by its path") from error


def trained(path: str, options: Mapping[str, Any]) -> Labeler:
    """The labeler that a run or a checkpoint is."""
    if find_spec("torch") is None:
        raise OptionError(f"labeler {path!r} is a trained network, which needs torch: pip install 'glimt[train]'")
    return build({"labeler": LEARNED}, "labeler", {"path": path, **options}, path)


def prior_of(labeler: Labeler) -> str:
    """What a person had to give for the masks of `labeler`, the clicks aside: its own word, else points alone."""
    return getattr(labeler, "prior", POINTS)
