"""The project's nouns as the page's JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from fastapi.responses import JSONResponse

from glimt.annotate.history import history_of
from glimt.annotate.leases import leases
from glimt.annotate.lists import index_of, length_of, status_of
from glimt.annotate.masks import BoxedMask
from glimt.annotate.project import neighbour, open_frame
from glimt.annotate.propagate import Carried
from glimt.annotate.propose import Candidate
from glimt.annotate.store import frame_of, targets_on
from glimt.annotate.values import Answer, Conflict, Frame, Status, Target
from glimt.annotate.web.asked import TargetStatus
from glimt.annotate.web.desk import Desk
from glimt.annotate.web.generators import Generator, generator_of
from glimt.core.errors import GlimtError
from glimt.core.types import Point
from glimt.data.regions import run_lengths

Json = dict[str, Any]
AROUND = (-2, -1, 0, 1, 2)
NO_MASK: Json = {"top": 0, "left": 0, "height": 0, "width": 0, "counts": []}


def mask_body(mask: BoxedMask | None) -> Json:
    """Run lengths of a mask's box."""
    if mask is None:
        return NO_MASK
    (top, left, _, _), (height, width) = mask.box, mask.shape
    return {"top": top, "left": left, "height": height, "width": width, "counts": run_lengths(mask.counts.encode())}


def place_body(point: Point) -> Json:
    """A place."""
    return {"row": point[0], "col": point[1]}


def generator_body(one: Generator) -> Json:
    """A generator with its options."""
    return asdict(one) | {"params": [asdict(param) for param in one.params]}


def status_word(target: Target) -> TargetStatus:
    """The page tells what a person drew apart."""
    return "fixed" if target.status == "accepted" and target.source == "hand" else target.status


def status_from(word: TargetStatus) -> Status:
    """The status behind the page's word."""
    return "accepted" if word == "fixed" else word


def target_body(desk: Desk, target: Target) -> Json:
    """A target."""
    figures, drew = target.figures, generator_of(desk.generators, target)
    middle = target.seeds[0] if figures.row is None or figures.col is None else (figures.row, figures.col)
    return {
        "uuid": target.uuid,
        "mask": mask_body(target.mask),
        **place_body(middle),
        **{name: getattr(figures, name) for name in ("area", "radius", "scr", "rho", "quality", "doubt")},
        "seeds": list(map(place_body, target.seeds)),
        "negatives": list(map(place_body, target.negatives)),
        "generator": drew and drew.name,
        "params": params_of(drew, target.options),
        "source": target.source,
        "status": status_word(target),
        **{name: getattr(target, name) for name in ("reason", "track", "at")},
        "by": target.author,
    }


def params_of(drew: Generator | None, options: Mapping[str, Any]) -> Json:
    """Those options that the page shows."""
    names = [param.name for param in drew.params] if drew else []
    return {name: options[name] for name in names if name in options}


def frame_body(desk: Desk, frame: Frame, user: str) -> Json:
    """A frame with its targets. One that cannot be read says why."""
    store, error, size = desk.project.store, None, (0, 0)
    try:
        size = open_frame(desk.project, frame.id).image.shape
    except GlimtError as fault:
        error = str(fault)
    now, turns = frame_of(store, frame.id), history_of(store, frame.id, user)
    holder = next((one for one in leases(store) if one.frame == frame.id), None)
    return {
        "id": now.number,
        "sequence": now.sequence,
        "index": index_of(store, now),
        "name": now.id,
        "frames": length_of(store, now.sequence),
        "height": size[0],
        "width": size[1],
        "bits": now.bits or 0,
        "rev": now.revision,
        "status": status_of(store, now),
        "verdict": now.verdict,
        "reason": now.reason,
        "error": "its file is missing" if now.missing else error,
        "targets": [target_body(desk, target) for target in targets_on(store, now.id)],
        "neighbours": {str(step): beside(desk, now, step) for step in AROUND},
        "can_undo": turns.undo is not None,
        "can_redo": turns.redo is not None,
        "lease": None if holder is None else {"user": holder.user, "mine": holder.user == user, "until": holder.until},
    }


def beside(desk: Desk, frame: Frame, step: int) -> int | None:
    """The number of the frame so many behind."""
    found = neighbour(desk.project, frame, step) if step else frame
    return found and found.number


def candidate_body(generator: str, params: Mapping[str, Any], made: Candidate, milliseconds: float) -> Json:
    """A proposal; nothing of it is stored."""
    row, col = made.figures.row or 0.0, made.figures.col or 0.0
    return {
        "mask": mask_body(made.mask),
        "row": row,
        "col": col,
        **{name: getattr(made.figures, name) for name in ("area", "radius", "scr", "rho", "quality", "doubt")},
        "generator": generator,
        "params": dict(params),
        "milliseconds": round(milliseconds, 2),
    }


def written(
    desk: Desk, made: Answer | Conflict | None, user: str, about: Sequence[str] = (), whole: bool = False
) -> JSONResponse:
    """The answer to a write: what a target became, the whole frame where asked, 412 where somebody was faster."""
    if made is None:
        return JSONResponse({"error": "there is nothing to turn back"}, 422)
    frame = frame_of(desk.project.store, made.frame)
    if isinstance(made, Conflict):
        return JSONResponse({"error": made.why, "current": frame_body(desk, frame, user)}, 412)
    body: Json = {"rev": made.revision, "frame_status": status_of(desk.project.store, frame)}
    live = [target for target in made.targets if not target.deleted and target.uuid in about]
    if live:
        body["target"] = target_body(desk, live[0])
    if whole:
        changed = made.targets[0].uuid if len(made.targets) == 1 else None
        body |= {"frame": frame_body(desk, frame, user), "changed": changed}
    return JSONResponse(body, 201 if made.kind == "create" else 200)


def carried_body(desk: Desk, carried: Carried) -> Json:
    """What a propagation did, and what it asks about."""
    answer = carried.answer
    made = [target.uuid for target in answer.targets] if isinstance(answer, Answer) else []
    frame = frame_of(desk.project.store, answer.frame).number if answer else None
    stopped = [
        {"uuid": one.uuid, "why": one.why, "match": one.match, "scr": one.candidate and one.candidate.figures.scr}
        for one in carried.stopped
    ]
    return {"frame": frame, "made": made, "stopped": stopped}
