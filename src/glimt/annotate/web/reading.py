"""The reads: the project, its lists, frames and what wants a look; and who works where."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from glimt.annotate.exports import HOUSE
from glimt.annotate.leases import lease, leases, release
from glimt.annotate.lists import (
    FRAME_STATUSES,
    FrameStatus,
    bars,
    index_of,
    last_worked_on,
    next_to_label,
    page,
    target_counts,
    ticks,
    to_review,
)
from glimt.annotate.stats import stats_of
from glimt.annotate.store import frame_of
from glimt.annotate.values import Figures, Frame
from glimt.annotate.web.asked import Called
from glimt.annotate.web.desk import USER, Desk, TheDesk, TheFrame, TheUser
from glimt.annotate.web.shapes import Json, frame_body, generator_body
from glimt.core.errors import DataError
from glimt.data.formats import FORMATS

router = APIRouter()
REASONS = ("target or clutter?", "mask is wrong", "two targets in one", "ask a colleague")
PAGE = 500  # frames of a list at most


@router.get("/project")
def project(desk: TheDesk, user: TheUser) -> Json:
    """What the page begins with."""
    store, rows = desk.project.store, bars(desk.project.store)
    counts = {status: sum(row.statuses[status] for row in rows) for status in FRAME_STATUSES}
    others = [(one.user, frame_of(store, one.frame)) for one in leases(store) if one.user != user]
    return {
        "name": desk.project.root.resolve().name,
        "user": user,
        "readonly": desk.project.readonly,
        "generators": list(map(generator_body, desk.generators)),
        "flag_reasons": REASONS,
        "counts": counts,
        "frames": sum(counts.values()),
        "resume": resume(desk, user),
        "others": [{"user": other, **address(desk, frame)} for other, frame in others],
        "export_formats": [HOUSE, *FORMATS],
    }


def resume(desk: Desk, user: str) -> Json | None:
    """Where the user worked last, else the first frame that wants a look."""
    store = desk.project.store
    line = next_to_label(store, user)
    last = last_worked_on(store, user) or (line and line.id)
    return None if last is None else address(desk, frame_of(store, last))


def address(desk: Desk, frame: Frame) -> Json:
    """A frame as the page's addresses name it."""
    return {"sequence": frame.sequence, "index": index_of(desk.project.store, frame)}


@router.put("/me")
def call_me(called: Called) -> Response:
    """Give this browser's edits another name."""
    answer = JSONResponse({"user": called.user})
    answer.set_cookie(USER, called.user, max_age=31_536_000, samesite="strict", httponly=True)
    return answer


@router.get("/sequences")
def sequences(desk: TheDesk) -> Json:
    """Every sequence with its counts."""
    rows = bars(desk.project.store)
    named = [{"name": row.sequence, "frames": row.frames, "counts": row.statuses, "first": row.first} for row in rows]
    return {"sequences": named}


@router.get("/frames")
def frames(
    desk: TheDesk,
    sequence: str,
    status: str = "",
    after: int = -1,
    limit: Annotated[int, Query(ge=1, le=PAGE)] = PAGE,
) -> Json:
    """A page of a sequence's frames, and the status of each of all of them."""
    found = page(desk.project.store, sequence, statuses_from(status), after, limit)
    digits = ticks(desk.project.store, sequence)
    lines = [
        {"id": one.number, "index": i, "status": one.status, "targets": one.targets} for i, one in found.frames.items()
    ]
    return {"total": len(digits), "status": digits, "frames": lines, "next": found.after}


def statuses_from(text: str) -> list[FrameStatus]:
    """The statuses of a list with commas."""
    words = [word for word in text.split(",") if word]
    if unknown := set(words) - set(FRAME_STATUSES):
        raise DataError(f"status {min(unknown)!r}: choose among {', '.join(FRAME_STATUSES)}")
    return [status for status in FRAME_STATUSES if status in words]


@router.get("/frames/{number}")
def one_frame(frame: TheFrame, desk: TheDesk, user: TheUser) -> Json:
    """A frame with its targets."""
    return frame_body(desk, frame, user)


@router.post("/frames/{number}/lease")
def take(frame: TheFrame, desk: TheDesk, user: TheUser) -> Json:
    """Say that one works on a frame."""
    held = lease(desk.project.store, frame.id, user)
    return {"user": held.user, "mine": held.user == user, "until": held.until}


@router.delete("/frames/{number}/lease")
def give_back(frame: TheFrame, desk: TheDesk, user: TheUser) -> Json:
    """Say that one works on a frame no more."""
    release(desk.project.store, frame.id, user)
    return {}


@router.get("/queue/next")
def queue(
    desk: TheDesk,
    user: TheUser,
    mode: Literal["label", "review"],
    limit: Annotated[int, Query(ge=1, le=PAGE)] = 1,
) -> Json:
    """What wants a look: the next frame, or the least trustworthy masks."""
    store = desk.project.store
    if mode == "label":
        line = next_to_label(store, user)
        left = sum(row.statuses["todo"] + row.statuses["candidate"] for row in bars(store))
        items = [] if line is None else [item(desk, frame_of(store, line.id), None, Figures())]
        return {"left": left, "items": items}
    found = to_review(store, user, limit=limit).targets
    items = [item(desk, frame_of(store, one.frame), one.uuid, one.figures) for one in found]
    return {"left": target_counts(store)["candidate"], "items": items}


def item(desk: Desk, frame: Frame, target: str | None, figures: Figures) -> Json:
    """One entry of a queue."""
    what = {"frame": frame.number, **address(desk, frame), "target": target}
    return what | {"doubt": figures.doubt, "why": why(figures) if target else ""}


def why(figures: Figures) -> str:
    """What speaks most against a mask, in words."""
    if figures.area == 0:
        return "a click alone"
    if figures.scr is not None and figures.scr < 3:
        return "low contrast"
    if figures.rho is not None and figures.rho < 1:
        return "its edge is no edge"
    if figures.quality is not None and figures.quality < 0.5:
        return "ways to draw it disagree"
    return "nothing in particular"


@router.get("/stats")
def stats(desk: TheDesk) -> Json:
    """The project in numbers."""
    found = stats_of(desk.project.store)._asdict()
    shown = {name: found[name]._asdict() for name in ("area", "scr")}
    return found | shown | {"users": [{"user": user, "edits": edits} for user, edits in found["users"]]}
