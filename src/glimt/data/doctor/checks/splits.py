"""Checks on the lists of the splits."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from glimt.core.catalog import hint
from glimt.data.doctor.finding import Finding
from glimt.data.doctor.lists import rivals
from glimt.data.doctor.survey import Survey


def carriage_returns(seen: Survey) -> Iterator[Finding]:
    """Lists with the line ends of DOS, which leave an invisible mark on each name in some readers."""
    for split in seen.lists:
        if split.crlf:
            yield Finding("CRLF", "note", split.name, f"{split.path} has CRLF line ends", "write it with LF", True)


def unknown_names(seen: Survey) -> Iterator[Finding]:
    """Names in a list that no frame has."""
    for split in seen.lists:
        for name in dict.fromkeys(name for name, id in split.entries if id is None):
            what = f"{name!r} has no frame{hint(name, seen.members)}"
            yield Finding("missing frame", "error", split.name, what, "drop the name from the list", True)


def repeated_names(seen: Survey) -> Iterator[Finding]:
    """Names that a list gives more than once."""
    for split in seen.lists:
        for id, times in Counter(id for _, id in split.entries if id is not None).items():
            if times > 1:
                yield Finding(
                    "listed twice", "warning", split.name, f"{id!r} is listed {times} times", "list it once", True
                )


def unlisted(seen: Survey) -> Iterator[Finding]:
    """Frames that no list names, where there are lists."""
    for id, splits in seen.members.items():
        if seen.lists and not splits:
            yield Finding(
                "in no split", "warning", id, "no list names this frame", "add it to a list, or leave it aside"
            )


def shared(seen: Survey) -> Iterator[Finding]:
    """Frames that are trained on and tested with."""
    for id, splits in seen.members.items():
        for one, other in combinations(splits, 2):
            if rivals(one, other):
                what = f"listed in {one.name} and in {other.name}"
                yield Finding("in two splits", "error", id, what, "decide for one; the copy keeps both")
