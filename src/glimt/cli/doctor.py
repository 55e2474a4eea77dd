"""`glimt doctor`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from glimt.cli.console import AsJson, LayoutName, Overwrite

if TYPE_CHECKING:
    from collections.abc import Sequence

    from glimt.data.doctor import Finding, Fixed

EXAMPLES = 3  # shown for each kind


def doctor(
    dataset: Annotated[Path, typer.Argument(help="Folder of a dataset, or its COCO file.")],
    layout: LayoutName = None,
    fix: Annotated[Path | None, typer.Option(help="Folder to write a clean copy to.", file_okay=False)] = None,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Look for what is wrong with a dataset.

    Exit code 0 without errors, 1 with errors. --fix writes a clean copy and leaves the dataset as it is.

    Example: glimt doctor datasets/SIRST --fix datasets/SIRST-clean
    """
    from glimt.cli.console import print_json, track
    from glimt.data import doctor as house
    from glimt.data.dataset import open_dataset

    opened = open_dataset(dataset, layout)
    if fix is not None:
        house.check_place(opened, fix, overwrite)
    findings = house.examine(opened, lambda records: track(records, "Looking"))
    fixed = None
    if fix is not None:
        fixed = house.fix(opened, findings, fix, overwrite, lambda records: track(records, "Copying"))
    report = as_report(dataset, opened.layout, findings, fixed)
    if as_json:
        print_json(report)
    else:
        show(report, findings, fixed)
    raise typer.Exit(1 if report["errors"] else 0)


def as_report(dataset: Path, layout: str, findings: "Sequence[Finding]", fixed: "Fixed | None") -> dict[str, Any]:
    """Everything, for machines."""
    from dataclasses import asdict

    counts = {f"{severity}s": sum(finding.severity == severity for finding in findings) for severity in severities()}
    copy = None if fixed is None else {"out": str(fixed.out), "frames": fixed.frames, "left_out": fixed.left_out}
    listed = [asdict(finding) for finding in findings]
    return {"dataset": str(dataset), "layout": layout, **counts, "findings": listed, "copy": copy}


def severities() -> tuple[str, ...]:
    """The worst first."""
    from glimt.data.doctor.finding import SEVERITIES

    return SEVERITIES


def show(report: dict[str, Any], findings: "Sequence[Finding]", fixed: "Fixed | None") -> None:
    """Everything, for people: a table of kinds, then the first examples of each."""
    from glimt.cli.console import print_table

    kinds = by_kind(findings)
    counts = ", ".join(f"{report[f'{severity}s']} {severity}s" for severity in severities())
    typer.echo(f"{report['dataset']} ({report['layout']}): {counts}")
    if kinds:
        rows = [(kind, same[0].severity, len(same), "yes" if same[0].fixed else "no") for kind, same in kinds.items()]
        print_table("Findings", ("kind", "severity", "count", "fixed by --fix"), rows)
    for kind, same in kinds.items():
        typer.echo(f"{same[0].severity}: {kind} ({len(same)}); {same[0].remedy}")
        for finding in same[:EXAMPLES]:
            typer.echo(f"    {finding.where}: {finding.what}")
    if fixed is not None:
        typer.echo(f"{fixed.frames} frames are in {fixed.out}, {len(fixed.left_out)} were left out")


def by_kind(findings: "Sequence[Finding]") -> "dict[str, list[Finding]]":
    """Findings grouped by kind, in the order met."""
    kinds: dict[str, list[Finding]] = {}
    for finding in findings:
        kinds.setdefault(finding.kind, []).append(finding)
    return kinds
