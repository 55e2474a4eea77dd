"""The writes: each one gesture, on the revision that the page saw."""

import time
from dataclasses import replace

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from glimt.annotate import gestures, history
from glimt.annotate.project import open_frame
from glimt.annotate.propagate import propagate
from glimt.annotate.propose import Clicks
from glimt.annotate.repeat import repeat
from glimt.annotate.service import candidates, draft_of, place, redraw
from glimt.annotate.store import frame_numbered, get_target, targets_on
from glimt.annotate.values import Conflict, Draft
from glimt.annotate.web.asked import Carry, Change, Judged, NewTarget, Repeat, Wanted
from glimt.annotate.web.desk import Desk, TheAuthor, TheDesk, TheFrame, ThePen
from glimt.annotate.web.generators import wish_of
from glimt.annotate.web.shapes import Json, candidate_body, carried_body, status_from, written
from glimt.data.regions import Shape

router = APIRouter()


@router.post("/frames/{number}/candidates")
def propose(frame: TheFrame, wanted: Wanted, desk: TheDesk) -> Json:
    """A mask for one target. Nothing is stored."""
    start = time.perf_counter()
    wish = wish_of(desk.generators, wanted.generator, wanted.params)
    clicks = Clicks(tuple(one.point for one in wanted.seeds), tuple(one.point for one in wanted.negatives))
    (made,) = candidates(desk.project, frame.id, clicks, [wish], wanted.uuid)
    return candidate_body(wanted.generator, wanted.params, made, 1e3 * (time.perf_counter() - start))


@router.post("/frames/{number}/targets")
def create(frame: TheFrame, new: NewTarget, desk: TheDesk, pen: ThePen) -> JSONResponse:
    """Put a new target on a frame."""
    shape = open_frame(desk.project, frame.id).image.shape
    draft = changed(desk, Draft(new.uuid, (), source="hand"), new, shape)
    made = place(desk.project, frame.id, [draft], pen.author, pen.on, "create")
    return written(desk, made, pen.author.user, [new.uuid])


@router.put("/targets/{uuid}")
def alter(uuid: str, change: Change, desk: TheDesk, pen: ThePen) -> JSONResponse:
    """Change a target; an edit that only judges looks at no pixel."""
    known = get_target(desk.project.store, uuid)
    if change.model_fields_set <= {"op", "status", "reason"} and change.status is not None:
        status, reason = status_from(change.status), change.reason or ""
        made = gestures.judge(desk.project.store, uuid, status, pen.on, pen.author, reason)
    else:
        shape = open_frame(desk.project, known.frame).image.shape
        made = redraw(desk.project, changed(desk, draft_of(known), change, shape), pen.on, pen.author, change.op)
    return written(desk, made, pen.author.user, [uuid])


@router.delete("/targets/{uuid}")
def remove(uuid: str, desk: TheDesk, pen: ThePen) -> JSONResponse:
    """Delete a target; undo brings it back."""
    return written(desk, gestures.remove(desk.project.store, uuid, pen.on, pen.author), pen.author.user)


@router.put("/frames/{number}")
def judge(frame: TheFrame, judged: Judged, desk: TheDesk, pen: ThePen) -> JSONResponse:
    """A word on the whole frame."""
    made = gestures.finish(desk.project.store, frame.id, judged.verdict, pen.on, pen.author, judged.reason)
    return written(desk, made, pen.author.user, whole=True)


@router.post("/frames/{number}/undo")
def undo(frame: TheFrame, desk: TheDesk, pen: ThePen) -> JSONResponse:
    """Take back one's last gesture on a frame."""
    made = history.undo(desk.project.store, frame.id, pen.author, pen.on)
    return written(desk, made, pen.author.user, whole=True)


@router.post("/frames/{number}/redo")
def redo(frame: TheFrame, desk: TheDesk, pen: ThePen) -> JSONResponse:
    """Do again what one undid last."""
    made = history.redo(desk.project.store, frame.id, pen.author, pen.on)
    return written(desk, made, pen.author.user, whole=True)


@router.post("/propagate")
def carry(asked: Carry, desk: TheDesk, author: TheAuthor) -> JSONResponse:
    """Carry targets on to the next frame of their sequence."""
    frame = frame_numbered(desk.project.store, asked.frame)
    found = [target.uuid for target in targets_on(desk.project.store, frame.id) if target.status != "rejected"]
    done = propagate(desk.project, found if asked.targets is None else asked.targets, author, asked.step)
    return carried(desk, done.answer, author.user) or JSONResponse(carried_body(desk, done))


@router.post("/repeat")
def again(asked: Repeat, desk: TheDesk, author: TheAuthor) -> JSONResponse:
    """Put the targets of the frame before at their places on this one."""
    done = repeat(desk.project, frame_numbered(desk.project.store, asked.frame).id, author)
    return carried(desk, done.answer, author.user) or JSONResponse(carried_body(desk, done))


def carried(desk: Desk, answer: object, user: str) -> JSONResponse | None:
    """The refusal, where what was carried met a conflict."""
    return written(desk, answer, user) if isinstance(answer, Conflict) else None


def changed(desk: Desk, draft: Draft, change: Change, shape: Shape) -> Draft:
    """A draft with what a page says of it; a new mask that no generator drew is a person's."""
    if change.mask is not None:
        draft = replace(draft, mask=change.mask.boxed(shape), source="hand", options={}, quality=None)
    if change.generator is not None:
        wish = wish_of(desk.generators, change.generator, change.params or {})
        draft = replace(draft, source=wish.labeler, options=wish.options, quality=change.quality)
    seeds = draft.seeds if change.seeds is None else tuple(one.point for one in change.seeds)
    if not seeds and draft.mask is not None:
        seeds = (draft.mask.middle(),)
    negatives = draft.negatives if change.negatives is None else tuple(one.point for one in change.negatives)
    return replace(
        draft,
        seeds=seeds,
        negatives=negatives,
        track=change.track or draft.track,
        status=status_from(change.status) if change.status else draft.status,
        reason=draft.reason if change.reason is None else change.reason,
    )
