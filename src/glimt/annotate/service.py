"""What the page asks for that needs pixels: candidates, new targets, redrawn ones, and the next frame of a track."""

import uuid as names
from collections.abc import Sequence
from dataclasses import asdict

import numpy as np

from glimt.annotate.gestures import add, change
from glimt.annotate.measure import measure
from glimt.annotate.project import Project, open_frame
from glimt.annotate.propose import Candidate, Clicks, Wish, propose
from glimt.annotate.store import get_target, targets_on
from glimt.annotate.values import STATUSES, Answer, Author, Conflict, Draft, Figures, Target
from glimt.core.errors import DataError
from glimt.core.types import Image, Point
from glimt.labelers.labeler import clicks_of

LONGEST = 1000  # characters of a reason
MOST = 100  # clicks of one target


def candidates(
    project: Project, frame: str, clicks: Clicks, wishes: Sequence[Wish], uuid: str | None = None
) -> list[Candidate]:
    """Masks for one target from its clicks, one a wish; `uuid` names the target, if it is there, so it is no rival."""
    others = tuple(p for target in targets_on(project.store, frame) if target.uuid != uuid for p in target.seeds)
    rivals = tuple(point for point in others if rounded(point) not in set(map(rounded, clicks.seeds)))
    return propose(open_frame(project, frame), Clicks(clicks.seeds, clicks.negatives, rivals), wishes, project.labelers)


def place(
    project: Project, frame: str, drafts: Sequence[Draft], author: Author, on: int | None = None, kind: str = "add"
) -> Answer | Conflict:
    """Put new targets on a frame, measured here, as one gesture."""
    image = open_frame(project, frame).image
    targets = [target_from(image, frame, draft) for draft in drafts]
    return add(project.store, frame, targets, author, on, kind)


def redraw(project: Project, draft: Draft, on: int, author: Author, kind: str = "change") -> Answer | Conflict:
    """Put everything a client says of a target in the place of what was there; `on` is the frame's revision."""
    known = get_target(project.store, draft.uuid)
    image = open_frame(project, known.frame).image
    return change(project.store, target_from(image, known.frame, draft), on, author, kind)


def target_from(image: Image, frame: str, draft: Draft) -> Target:
    """A draft as a target, measured. Raises DataError where it does not fit its frame."""
    check_draft(image, draft)
    return Target(
        uuid=draft.uuid,
        frame=frame,
        track=draft.track or draft.uuid,
        seeds=draft.seeds,
        negatives=draft.negatives,
        mask=draft.mask,
        figures=figures_of(image, draft),
        source=draft.source,
        options=draft.options,
        status=draft.status,
        reason=draft.reason,
    )


def draft_of(target: Target) -> Draft:
    """A target as a client could have given it."""
    return Draft(
        target.uuid,
        target.seeds,
        target.negatives,
        target.mask,
        target.source,
        target.options,
        target.figures.quality,
        target.track,
        target.status,
        target.reason,
    )


def figures_of(image: Image, draft: Draft) -> Figures:
    """The figures of a draft's mask; what a person drew rests on no labeler's trust, only on how it stands out."""
    figures = measure(image, draft.mask, draft.quality)
    if draft.source != "hand" or draft.mask is None:
        return figures
    return Figures(**asdict(figures) | {"quality": None, "doubt": 1.0 - min(1.0, figures.rho or 0.0)})


def check_draft(image: Image, draft: Draft) -> None:
    """Raise DataError for what no target can be."""
    try:
        names.UUID(draft.uuid)
    except ValueError as error:
        raise DataError(f"{draft.uuid[:40]!r} is no uuid") from error
    if draft.status not in STATUSES:
        raise DataError(f"status {draft.status!r}: choose one of {', '.join(STATUSES)}")
    if not 0 < len(draft.seeds) + len(draft.negatives) <= MOST or not draft.seeds:
        raise DataError(f"a target has 1 to {MOST} clicks, one of them a seed; got {len(draft.seeds)} seeds")
    if len(draft.reason) > LONGEST or len(draft.source) > LONGEST or len(draft.track or "") > LONGEST:
        raise DataError(f"a reason, a source and a track have {LONGEST} characters at most")
    if draft.quality is not None and not 0 <= draft.quality <= 1:
        raise DataError(f"quality is {draft.quality:g}; it lies in [0, 1]")
    clicks_of(np.array([*draft.seeds, *draft.negatives], dtype=float), image)
    check_box(image, draft)


def check_box(image: Image, draft: Draft) -> None:
    """Raise DataError where a mask does not lie in its frame."""
    if draft.mask is None:
        return
    top, left, bottom, right = draft.mask.box
    if not (0 <= top < bottom <= image.shape[0] and 0 <= left < right <= image.shape[1]):
        raise DataError(f"the box {draft.mask.box} does not fit the frame of {image.shape[0]} x {image.shape[1]}")


def rounded(point: Point) -> tuple[int, int]:
    """The pixel of a point."""
    return round(point[0]), round(point[1])
