"""Checks on masks and other labels."""

from collections.abc import Iterator, Sequence

from glimt.core.types import Point, Record
from glimt.data.doctor.finding import Finding
from glimt.data.doctor.look import Labelled, Look
from glimt.data.doctor.repair import resizable
from glimt.data.doctor.survey import Survey

SHOWN = 8  # grey levels, places or names that one line shows


def mismatched(seen: Survey) -> Iterator[Finding]:
    """Masks of another size than their frame."""
    for look in seen.looks:
        shape = label_shape(look)
        if look.image is None or shape in (None, look.image.shape):
            continue
        what = f"mask is {shape}, image is {look.image.shape}"
        safe = look.mask is not None and resizable(look.record, look.image.shape)
        remedy = (
            "resize the mask, nearest pixel"
            if safe
            else "leave the frame out; the shapes differ, or a target would vanish"
        )
        yield Finding("size mismatch", "error", look.record.id, what, remedy, True)


def label_shape(look: Look) -> tuple[int, int] | None:
    """The size a frame has by its label."""
    if look.mask is not None:
        return look.mask.picture.shape
    return look.record.regions[0].size if look.record.regions else None


def missing(seen: Survey) -> Iterator[Finding]:
    """Frames without any label where others have one."""
    bare = [look.record.id for look in seen.looks if not has_label(look.record)]
    if len(bare) == len(seen.looks):
        yield Finding("no labels", "note", "every frame", f"{len(bare)} frames and no mask, box or point", "")
        return
    for id in bare:
        yield Finding("no mask", "error", id, "the frame has no mask", "leave the frame out, or label it", True)


def has_label(record: Record) -> bool:
    """Whether anything is known about a frame's targets."""
    return bool(record.mask or record.points or record.boxes or record.regions or record.empty)


def spare(seen: Survey) -> Iterator[Finding]:
    """Masks whose frame is missing."""
    for path in seen.spare_masks:
        yield Finding("no frame", "warning", path.name, f"{path} belongs to no frame", "leave the mask out", True)


def faint(seen: Survey) -> Iterator[Finding]:
    """Masks drawn so dark (0 and 1 of 255, say) that they read as empty."""
    for where, mask in masks(seen):
        if is_faint(mask):
            what = f"its brightest level is {mask.levels[-1][0]:g} of {mask.top:g}, so it reads as empty"
            remedy = "make it 0 and 255, split at half its brightest level"
            yield Finding("faint mask", "error", where, what, remedy, True)


def is_faint(mask: Labelled) -> bool:
    """Whether a mask holds something, and nothing over half of its type's range."""
    return 0 < mask.levels[-1][0] <= mask.top / 2


def shaded(seen: Survey) -> Iterator[Finding]:
    """Masks with levels between black and white: the number of targets depends on the threshold."""
    for where, mask in masks(seen):
        between = [(level, pixels) for level, pixels in mask.levels if level not in (0, mask.top)]
        if not between or is_faint(mask):
            continue
        names = shorten([f"{level:g}" for level, _ in between], " ")
        over_zero, over_half, at_top = mask.counts
        targets = f"targets: {over_zero} over 0, {over_half} over half, {at_top} at {mask.top:g}"
        what = f"{sum(pixels for _, pixels in between)} pixels have the levels {names}; {targets}"
        yield Finding("not binary", "warning", where, what, "make it 0 and 255, split at half of the range", True)


def empty(seen: Survey) -> Iterator[Finding]:
    """Masks without a target."""
    for where, mask in masks(seen):
        if mask.levels[-1][0] <= 0:
            what = "no target; nIoU and Pd treat such frames in different ways"
            yield Finding("empty mask", "warning", where, what, "check that the frame holds no target")


def single(seen: Survey) -> Iterator[Finding]:
    """Targets of one pixel."""
    for where, mask in masks(seen):
        if mask.single:
            what = f"{len(mask.single)} of {mask.counts[1]} targets are one pixel: {places(mask.single)}"
            yield Finding("one-pixel target", "note", where, what, "check whether it is a target or a slip")


def touching(seen: Survey) -> Iterator[Finding]:
    """Targets that are one only because corners connect."""
    for where, mask in masks(seen):
        if mask.touching:
            what = f"parts meet at a corner only, and count as one target: {places(mask.touching)}"
            yield Finding("touching targets", "note", where, what, "check whether it is one target or several")


def outside(seen: Survey) -> Iterator[Finding]:
    """Points and boxes that leave their frame."""
    for look in seen.looks:
        if look.image is None:
            continue
        rows, cols = look.image.shape
        points = [(r, c) for r, c in look.record.points if not (-0.5 <= r < rows - 0.5 and -0.5 <= c < cols - 0.5)]
        boxes = [box[:2] for box in look.record.boxes if min(box[:2]) < 0 or box[2] > rows or box[3] > cols]
        if points or boxes:
            what = f"outside the frame of {rows} rows x {cols} cols: {places([*points, *boxes])}"
            yield Finding("label outside", "error", look.record.id, what, "correct the label")


def masks(seen: Survey) -> Iterator[tuple[str, Labelled]]:
    """Every mask that could be read, under its frame's name."""
    for look in seen.looks:
        if look.mask is not None:
            yield look.record.id, look.mask


def places(points: Sequence[Point]) -> str:
    """Positions as a person reads them."""
    return shorten([f"(row {row:g}, col {col:g})" for row, col in points], ", ")


def shorten(words: Sequence[str], between: str) -> str:
    """The first few words, and how many follow."""
    more = f"{between}and {len(words) - SHOWN} more" if len(words) > SHOWN else ""
    return between.join(words[:SHOWN]) + more
