"""Progress of a training, for a person."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from glimt.training.fit import Step


@contextmanager
def training_progress() -> Iterator[Callable[["Step"], None]]:
    """A bar with the epoch, the loss and the time left on standard error; silent where no one looks."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("preparing", total=None)

        def watch(step: "Step") -> None:
            done, total = (step.epoch - 1) * step.steps + step.step, step.epochs * step.steps
            bar.update(task, description=f"epoch {step.epoch}  loss {step.loss:.4f}", completed=done, total=total)

        yield watch
