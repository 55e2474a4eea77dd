"""What every command shares: progress, tables, `--json`, and the texts of common options."""

import json
import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, NoReturn, TypeVar

import typer

Item = TypeVar("Item")
PIPED = 160  # columns of a table that goes into a file or a pipe

AsJson = Annotated[
    bool, typer.Option("--json", help="Print the result as JSON on standard output, and nothing else there.")
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace what is in the output place.")]
LayoutName = Annotated[
    str | None,
    typer.Option("--layout", help="Layout of the dataset; found by itself when left out (`glimt list layouts`)."),
]
SplitName = Annotated[str | None, typer.Option("--split", help="Split to use, e.g. train; every frame when left out.")]


def track(items: Sequence[Item], text: str) -> Iterator[Item]:
    """Go through `items` behind a progress bar on standard error; silent where no one looks."""
    from rich.console import Console
    from rich.progress import track as rich_track

    console = Console(stderr=True)
    yield from rich_track(items, text, console=console, transient=True, disable=not console.is_terminal)


def print_json(values: Any) -> None:
    """Print `values` as JSON; a number that is not finite becomes null."""
    sys.stdout.write(json.dumps(plain(values), indent=2) + "\n")


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print a table: first column left, the others right."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for i, column in enumerate(columns):
        table.add_column(column, justify="right" if i else "left", overflow="fold")
    for row in rows:
        table.add_row(*(cell(value) for value in row))
    console = Console()
    (console if console.is_terminal else Console(width=PIPED)).print(table)


def say(text: str) -> None:
    """Print one line for a person, on standard error, so that standard output stays clean."""
    typer.secho(text, err=True)


def cell(value: Any) -> str:
    """A value as a table shows it: four significant places, a dash for nothing."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def plain(values: Any) -> Any:
    """NumPy and tuples to what JSON knows; not-a-number to null."""
    if isinstance(values, dict):
        return {str(key): plain(value) for key, value in values.items()}
    if isinstance(values, list | tuple):
        return [plain(value) for value in values]
    if hasattr(values, "tolist"):
        return plain(values.tolist())
    return None if isinstance(values, float) and not math.isfinite(values) else values


def need_extra(extra: str, *modules: str) -> None:
    """Fail in one line where an optional part is not installed."""
    from importlib.util import find_spec

    if missing := [name for name in modules if find_spec(name) is None]:
        fail(f"this needs {', '.join(missing)}: pip install 'glimt[{extra}]'")


def fail(text: str) -> NoReturn:
    """Say what is wrong in one line, and end with 2."""
    typer.secho(f"error: {' '.join(text.split())}", fg="red", err=True)
    sys.exit(2)


@contextmanager
def errors_in_one_line() -> Iterator[None]:
    """Turn a user's mistake into one line and exit code 2; Ctrl-C into 130."""
    from glimt.core.errors import GlimtError

    try:
        yield
    except GlimtError as error:
        fail(str(error))
    except Exception as error:
        message = getattr(error, "format_message", None)  # what the command line's own parser raises has it
        if message is None:
            raise
        if type(error).__name__ == "NoArgsIsHelpError":
            sys.stdout.write(f"{message()}\n")
            sys.exit(2)
        fail(message())
    except KeyboardInterrupt:
        typer.secho("stopped; finished files are whole, and the same command goes on from here", err=True)
        sys.exit(130)
