"""Run every check over a dataset."""

from collections.abc import Callable, Iterator

from glimt.data.dataset import Dataset
from glimt.data.doctor.checks import files, masks, sequences, splits, twins
from glimt.data.doctor.finding import SEVERITIES, Finding
from glimt.data.doctor.survey import Survey, Track, survey

Check = Callable[[Survey], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (
    files.unreadable,
    files.coloured,
    files.palettes,
    files.transparent,
    masks.mismatched,
    masks.missing,
    masks.spare,
    masks.faint,
    masks.shaded,
    masks.empty,
    masks.single,
    masks.touching,
    masks.outside,
    sequences.gaps,
    sequences.sizes,
    sequences.depths,
    splits.carriage_returns,
    splits.unknown_names,
    splits.repeated_names,
    splits.unlisted,
    splits.shared,
    twins.duplicates,
    twins.near_duplicates,
)


def examine(dataset: Dataset, track: Track = iter) -> list[Finding]:
    """Everything found, the worst first."""
    return judge(survey(dataset, track))


def judge(seen: Survey) -> list[Finding]:
    """What the checks make of a survey."""
    found = [finding for check in CHECKS for finding in check(seen)]
    return sorted(found, key=lambda finding: SEVERITIES.index(finding.severity))
