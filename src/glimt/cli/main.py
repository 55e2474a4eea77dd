"""`glimt`: turn points into masks, score them, and look after datasets of infrared small targets."""

import sys

import typer

from glimt.cli import (
    annotate,
    bench,
    convert,
    demo,
    doctor,
    evaluate,
    export,
    label,
    list,
    predict,
    report,
    synth,
    train,
)
from glimt.cli.console import errors_in_one_line

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Find infrared small targets, starting from one click per target.",
)
app.command()(label.label)
app.command()(annotate.annotate)
app.command()(train.train)
app.command()(predict.predict)
app.command()(evaluate.evaluate)
app.command()(export.export)
app.command()(report.report)
app.command()(convert.convert)
app.command()(doctor.doctor)
app.command()(synth.synth)
app.command()(demo.demo)
app.add_typer(bench.app, name="bench")
app.command("list")(list.list_names)


def main() -> None:
    """Run a command; show a user's mistake in one line."""
    with errors_in_one_line():
        sys.exit(app(standalone_mode=False) or 0)
