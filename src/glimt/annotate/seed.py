"""Draw the clicks that were brought in: a candidate mask each, so that a person only reviews."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from glimt.annotate.gestures import Change, keep
from glimt.annotate.project import Project, open_frame
from glimt.annotate.propose import Candidate, Clicks, Wish
from glimt.annotate.service import candidates
from glimt.annotate.store import frame_of, reading, targets_on, writing
from glimt.annotate.values import Author, Target
from glimt.core.errors import FrameError

Track = Callable[[Sequence[str]], Iterable[str]]
BARE = """SELECT DISTINCT f.id, f.position FROM target t JOIN frame f ON f.number = t.frame
  WHERE t.deleted = 0 AND t.status = 'candidate' AND t.runs IS NULL AND f.missing = 0 ORDER BY f.position"""


def draw_clicks(project: Project, user: str, wish: Wish, track: Track = iter) -> int:
    """Draw every candidate that has no mask yet, one op a frame; how many were drawn.

    A target where nothing stands out, and a frame that cannot be read, stay as they are.
    """
    with reading(project.store) as db:
        ids = [row["id"] for row in db.execute(BARE)]
    return sum(draw_frame(project, id, user, wish) for id in track(ids))


def draw_frame(project: Project, id: str, user: str, wish: Wish) -> int:
    """The same for one frame."""
    bare = [one for one in targets_on(project.store, id) if one.mask is None and one.status == "candidate"]
    try:
        open_frame(project, id)
    except FrameError:
        return 0
    found = [(one, candidates(project, id, Clicks(one.seeds), [wish], one.uuid)[0]) for one in bare]
    drawn = [as_drawn(one, made) for one, made in found if made.mask is not None]
    if drawn:
        made = Author(user, str(uuid.uuid4())), "grow"
        with writing(project.store) as db:
            keep(project.store, db, frame_of(project.store, id), made, Change(drawn))
    return len(drawn)


def as_drawn(target: Target, made: Candidate) -> Target:
    """The target with the mask that was proposed."""
    return replace(target, mask=made.mask, figures=made.figures, source=made.labeler, options=made.options)
