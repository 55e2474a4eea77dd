"""What is true of a frame, its mask or its points, beside what is found in it."""

from collections.abc import Iterable, Iterator, Sequence

from glimt.core.errors import DataError
from glimt.core.types import Record, Sample
from glimt.data.clicks import drawn_on
from glimt.data.point_records import array_of
from glimt.data.points import one_pixel_mask
from glimt.data.samples import read
from glimt.detectors.detector import Detector
from glimt.metrics.pair import AnyMap, Pair
from glimt.metrics.profile import Profile


def found_by(detector: Detector, records: Iterable[Record]) -> Iterator[Pair]:
    """What a classical detector finds in each frame beside what is true."""
    for record in records:
        sample = read(record)
        yield pair_of(record, sample, detector(sample.image))


def pair_of(record: Record, sample: Sample, found: AnyMap) -> Pair:
    """The pair to score: against the true mask, or against the points where there is no mask.

    Raises DataError for a point outside the frame, and for two on one pixel.
    """
    if sample.label is not None:
        return Pair(found, sample.label > 0.5, sample.image, record.id, sequence=record.sequence)
    points = array_of(record.points)  # not the sample's: those may be what a model was told
    rows, cols = sample.image.shape
    true = one_pixel_mask(points, (rows, cols), record.id)
    return Pair(found, true, sample.image, record.id, points, record.sequence)


def clicked(sample: Sample, kind: str, seed: int) -> Sample:
    """The sample with a click of this kind in each true target; its own points, as centroids, where it has no mask."""
    if sample.label is not None:
        return drawn_on(sample, kind, seed)
    if kind != "centroid":
        raise DataError(f"{sample.id}: {kind} clicks are drawn in a true mask, and it has none; use centroid or a file")
    return sample


def refuse_unknown(records: Sequence[Record], profile: Profile) -> None:
    """Raise DataError where a frame cannot be scored under the profile, before anything is predicted."""
    unknown = [record for record in records if not has_mask(record) and not (profile.points and record.points)]
    if not unknown:
        return
    first = f"{len(unknown)} of {len(records)} frames have"
    if profile.points:
        raise DataError(
            f"{first} neither mask nor points, the first is {unknown[0].id!r}: whether it holds a target is not known; "
            "list its points, or say that it has none, by an empty line or mask"
        )
    instead = "score them with --profile points" if unknown[0].points else "predict them with `glimt predict` instead"
    raise DataError(f"{first} no true mask to score against, the first is {unknown[0].id!r}; {instead}")


def has_mask(record: Record) -> bool:
    """Whether the target pixels of the frame are known, be it that there are none."""
    return record.mask is not None or bool(record.regions) or record.empty
