"""Checks on the frames of a sequence, which a task that looks at several of them takes for one unbroken run."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from glimt.data.doctor.checks.masks import shorten
from glimt.data.doctor.finding import Finding
from glimt.data.doctor.look import Look, Picture
from glimt.data.doctor.survey import Survey
from glimt.data.sequences import number_of, unbroken

SHOWN = ", "


def gaps(seen: Survey) -> Iterator[Finding]:
    """Numbers that are missing between frames, or that are there twice."""
    for name, looks in sequences(seen):
        records = [look.record for look in looks]
        ends = [(before[-1], after[0]) for before, after in pairwise(unbroken(records))]
        twice = [after.id for before, after in pairwise(records) if number_of(before) == number_of(after)]
        if ends:
            breaks = [f"{number_of(before)} to {number_of(after)}" for before, after in ends]
            what = f"its {len(records)} frames jump from {shorten(breaks, SHOWN)}"
            yield Finding("gap", "note", name, what, "add the frames, if there are some; a gap ends a run of frames")
        if twice:
            what = f"two frames have one number: {shorten(twice, SHOWN)}"
            yield Finding("number twice", "warning", name, what, "rename them, for their order is a guess")


def sizes(seen: Survey) -> Iterator[Finding]:
    """Frames of different sizes in one sequence."""
    for name, looks in sequences(seen):
        kinds = kinds_of([(look, f"{look.image.shape[0]} x {look.image.shape[1]}") for look in looks if look.image])
        if len(kinds) > 1:
            yield Finding("sizes differ", "warning", name, told(kinds), "crop or resize them, or split the sequence")


def depths(seen: Survey) -> Iterator[Finding]:
    """Frames of 8 and of 16 bits in one sequence: each is read by its own range, so their brightness jumps."""
    for name, looks in sequences(seen):
        kinds = kinds_of([(look, depth(look.image)) for look in looks if look.image])
        if len(kinds) > 1:
            yield Finding("bits differ", "error", name, told(kinds), "write all frames with the same number of bits")


def depth(picture: Picture) -> str:
    """The bits of a grey level, in words."""
    return f"{picture.bits} bits"


def sequences(seen: Survey) -> Iterator[tuple[str, list[Look]]]:
    """The frames of each sequence, in order. A plain folder of frames that are not numbered is none."""
    found: dict[str, list[Look]] = {}
    for look in seen.looks:
        if look.record.sequence is not None:
            found.setdefault(look.record.sequence, []).append(look)
    for name, looks in found.items():
        if len(looks) > 1 and name != ".":
            yield name, looks


def kinds_of(pairs: Sequence[tuple[Look, str]]) -> dict[str, list[str]]:
    """Ids by what they are, in the order met."""
    kinds: dict[str, list[str]] = {}
    for look, kind in pairs:
        kinds.setdefault(kind, []).append(look.record.id)
    return kinds


def told(kinds: dict[str, list[str]]) -> str:
    """How many frames are of each kind, and the first of it."""
    return "; ".join(f"{len(ids)} of {kind}, from {ids[0]}" for kind, ids in kinds.items())
