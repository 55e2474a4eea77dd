"""Put the targets of the frame before on a frame as they were, for a person to move where they went."""

from dataclasses import replace

from glimt.annotate.project import Project, neighbour
from glimt.annotate.propagate import Carried, Stopped, named
from glimt.annotate.service import draft_of, place
from glimt.annotate.store import frame_of, targets_on
from glimt.annotate.values import Author
from glimt.core.errors import DataError


def repeat(project: Project, frame: str, author: Author) -> Carried:
    """Targets that are not rejected, as candidates at the same places, all as one gesture; a known track stays."""
    before = neighbour(project, frame_of(project.store, frame), -1)
    if before is None:
        raise DataError(f"{frame} is the first of its sequence: there is nothing to repeat")
    tracks = {target.track for target in targets_on(project.store, frame)}
    targets = [target for target in targets_on(project.store, before.id) if target.status != "rejected"]
    fresh = [target for target in targets if target.track not in tracks]
    drafts = [named(replace(draft_of(target), status="candidate", reason=""), author) for target in fresh]
    answer = place(project, frame, drafts, author, kind="repeat") if drafts else None
    there = tuple(Stopped(target.uuid, "there already", frame) for target in targets if target.track in tracks)
    return Carried(answer, there)
