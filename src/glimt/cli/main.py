"""`glimt`: turn points into masks, score them, and look after datasets of infrared small targets."""

import typer

from glimt.cli.console import errors_in_one_line

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Find infrared small targets, starting from one click per target.",
)


def main() -> None:
    """Run a command; show a user's mistake in one line."""
    with errors_in_one_line():
        app()
