"""Weights that a network begins with instead of random ones: those of a run, of a checkpoint, or published ones."""

from pathlib import Path

from torch import nn

from glimt.core.errors import DataError
from glimt.inference.model import load_model


def begin_with(network: nn.Module, path: Path) -> None:
    """Put the weights at `path` into `network`. Raises DataError where they are of another network."""
    model = load_model(path)
    wanted, given = network.state_dict(), model.network.state_dict()
    unlike = [key for key in wanted if key not in given or given[key].shape != wanted[key].shape]
    unlike += [key for key in given if key not in wanted]
    if unlike:
        raise DataError(
            f"weights={path} ({model.name}) are of another network or form: they differ in {unlike[0]}"
            f"{f' and {len(unlike) - 1} more' if unlike[1:] else ''}; set network and task as they were there"
        )
    network.load_state_dict(given)
