"""What is known of one frame, target by target: what every format is written from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from glimt.core.errors import DataError
from glimt.core.targets import Targets, label, measure
from glimt.core.types import Box, Instances, Place, Point, Record, Region
from glimt.data.levels import is_image_file
from glimt.data.points import points_from_targets, points_inside
from glimt.data.regions import Shape, box_of, mask_of, region_of
from glimt.data.samples import refuse_other_sizes, true_mask
from glimt.data.shapes import place_shape


@dataclass(frozen=True)
class Target:
    """One target: its pixels, or its box, or no more than a click."""

    region: Region | None = None
    box: Box | None = None
    point: Point | None = None

    @property
    def click(self) -> Point:
        """The target's own click, else its centroid to whole pixels, else the middle of its box."""
        if self.point is not None:
            return self.point
        if self.region is not None:
            row, col = np.rint(np.argwhere(mask_of(self.region)).mean(axis=0)).tolist()
            return row, col
        assert self.box is not None
        top, left, bottom, right = self.box
        return (top + bottom - 1) / 2, (left + right - 1) / 2


@dataclass(frozen=True)
class Annotated:
    """One labelled frame."""

    id: str
    image: Path
    targets: tuple[Target, ...]
    points: tuple[Point, ...]  # one a target; the frame's own clicks where it has some
    page: int | None = None  # the frame's number in `image`, where that holds several

    @property
    def place(self) -> Place:
        """Where the frame lies."""
        return Place(self.image, self.page)

    @property
    def shape(self) -> Shape:
        """(rows, cols) of the frame."""
        known = next((target.region.size for target in self.targets if target.region), None)
        return known or place_shape(self.place)

    @property
    def name(self) -> str:
        """The frame's id with its file type; a frame of a video or a stack becomes a PNG."""
        return self.id + (self.image.suffix.lower() if is_image_file(self.place) else ".png")


def annotate(record: Record, kind: str | None, rng: np.random.Generator) -> Annotated | None:
    """A record target by target; None where nothing is known of it.

    With a `kind`, clicks are drawn from the masks and stand in for the frame's own. Raises DataError where there is no
    mask to draw them from.
    """
    if record.image.suffix.lower() != ".csv" and record.image.is_file():  # a CSV of clicks has no frames
        record = fitted(record, place_shape(record.place))
    found = targets_of(record)
    if found is None:
        return None
    if kind is not None:
        found = clicked(found, kind, rng, record)
        return Annotated(record.id, record.image, found, tuple(target.click for target in found), record.page)
    points = record.points or tuple(target.click for target in found)
    return Annotated(record.id, record.image, with_own_points(found, record.points), points, record.page)


def fitted(record: Record, shape: Shape) -> Record:
    """The record with its boxes cut at the frame's edges. Raises DataError where something lies outside."""
    refuse_other_sizes(record, shape)
    points_inside(np.array(record.points, dtype=float).reshape(-1, 2), shape, record.id)
    rows, cols = shape
    boxes = tuple((max(one[0], 0), max(one[1], 0), min(one[2], rows), min(one[3], cols)) for one in record.boxes)
    for box, (top, left, bottom, right) in zip(record.boxes, boxes, strict=True):
        if top >= bottom or left >= right:
            raise DataError(f"{record.id}: box {box} is outside the frame of {rows} rows x {cols} cols")
    return replace(record, boxes=boxes)


def targets_of(record: Record) -> tuple[Target, ...] | None:
    """Targets from the mask file or the regions, else from boxes, else from points."""
    if record.mask is not None:
        return blobs_of(record)
    if record.regions:
        return tuple(Target(region, box_of(region)) for region in record.regions)
    if record.boxes:
        return tuple(Target(box=box) for box in record.boxes)
    if record.points:
        return tuple(Target(point=point) for point in record.points)
    return () if record.empty else None


def blobs_of(record: Record) -> tuple[Target, ...]:
    """The 8-connected blobs of the mask file, in raster order."""
    mask = true_mask(record, place_shape(record.place))
    assert mask is not None
    labels, count = label(mask)
    regions = [region_of(labels == i) for i in range(1, count + 1)]
    return tuple(Target(region, box_of(region)) for region in regions)


def clicked(found: Sequence[Target], kind: str, rng: np.random.Generator, record: Record) -> tuple[Target, ...]:
    """The targets with a click of this kind each."""
    regions = [target.region for target in found if target.region is not None]
    if len(regions) < len(found):
        known = "boxes" if found[0].box else "points"
        raise DataError(f"{record.id}: only {known} are known, and {kind} clicks are drawn from masks")
    if not found:
        return ()
    points = points_from_targets(separate(regions, record), kind, rng).tolist()
    return tuple(replace(target, point=(row, col)) for target, (row, col) in zip(found, points, strict=True))


def separate(regions: Sequence[Region], record: Record) -> Targets:
    """The regions as targets of one frame. Raises DataError where one lies under the others."""
    found = measure(instances_of(regions), len(regions))
    if not found.areas.all():
        raise DataError(f"{record.id}: target {int(found.areas.argmin()) + 1} has no pixel of its own")
    return found


def instances_of(regions: Sequence[Region]) -> Instances:
    """The regions, numbered from one; where two overlap, the later one is on top."""
    instances = np.zeros(regions[0].size, dtype=np.int32)
    for i, region in enumerate(regions, start=1):
        instances[mask_of(region)] = i
    return instances


def with_own_points(found: tuple[Target, ...], points: Sequence[Point]) -> tuple[Target, ...]:
    """The targets with the frame's own clicks, each given to the first target it lies on that has none yet."""
    targets = list(found)
    for point in points:
        for i, target in enumerate(targets):
            if target.point is None and covers(target, point):
                targets[i] = replace(target, point=point)
                break
    return tuple(targets)


def covers(target: Target, point: Point) -> bool:
    """Whether a click lies on a target, or in its box where only that is known."""
    row, col = round(point[0]), round(point[1])
    if target.box is None or not (target.box[0] <= row < target.box[2] and target.box[1] <= col < target.box[3]):
        return False
    return target.region is None or bool(mask_of(target.region)[row, col])
