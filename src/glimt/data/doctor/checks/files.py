"""Checks on how frames and masks are stored."""

from collections.abc import Iterator

from glimt.data.doctor.finding import Finding
from glimt.data.doctor.look import Look, Picture
from glimt.data.doctor.survey import Survey


def unreadable(seen: Survey) -> Iterator[Finding]:
    """Files that are damaged, cut short, empty, or hold NaN."""
    for look in seen.looks:
        for _, problem in look.problems:
            yield Finding(
                "unreadable", "error", look.record.id, problem, "leave the frame out, or get the file again", True
            )


def coloured(seen: Survey) -> Iterator[Finding]:
    """Files whose red, green and blue differ; grey stored three times is fine."""
    for where, picture in pictures(seen):
        if picture.coloured and not picture.palette:
            what = "red, green and blue differ; grey depends on the reader"
            yield Finding("colour", "warning", where, what, "write it as grey by Rec. 601", True)


def palettes(seen: Survey) -> Iterator[Finding]:
    """Files with a palette, which some readers hand over as indices."""
    for where, picture in pictures(seen):
        if picture.palette:
            what = "the file has a palette; some readers take its indices for grey levels"
            yield Finding("palette", "warning", where, what, "write it as grey, palette expanded", True)


def transparent(seen: Survey) -> Iterator[Finding]:
    """Files with an alpha channel that says something."""
    for where, picture in pictures(seen):
        if picture.transparent:
            what = "alpha is not opaque everywhere; some readers blend it in"
            yield Finding("alpha", "warning", where, what, "write it as grey, alpha ignored", True)


def pictures(seen: Survey) -> Iterator[tuple[str, Picture]]:
    """Every picture that could be read, with its name."""
    for look in seen.looks:
        if look.image is not None:
            yield look.record.id, look.image
        if look.mask is not None:
            yield mask_name(look), look.mask.picture


def mask_name(look: Look) -> str:
    """What a mask is called in findings."""
    return f"mask of {look.record.id}"
