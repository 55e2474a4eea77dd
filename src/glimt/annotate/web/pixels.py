"""A frame's pixels, as the browser asks for them: it may keep them, and asks each time whether they are still those."""

from fastapi import APIRouter, Request, Response

from glimt.annotate.frames import version_of
from glimt.annotate.values import Frame
from glimt.annotate.web.desk import Desk, TheDesk, TheFrame
from glimt.annotate.web.pictures import Enhance, place_of, raw_of, thumb_of

router = APIRouter()


@router.get("/frames/{number}/raw")
def raw(frame: TheFrame, desk: TheDesk, request: Request, enhance: Enhance = "none") -> Response:
    """The frame's levels."""
    return kept(desk, frame, request, enhance) or picture(
        desk, frame, enhance, raw_of(desk.project, frame, enhance), "application/octet-stream"
    )


@router.get("/frames/{number}/thumb")
def thumb(frame: TheFrame, desk: TheDesk, request: Request) -> Response:
    """A small picture of the frame."""
    return kept(desk, frame, request, "thumb") or picture(
        desk, frame, "thumb", thumb_of(desk.project, frame), "image/png"
    )


def tag_of(desk: Desk, frame: Frame, kind: str) -> str:
    """What changes when the file does."""
    return f'"{version_of(place_of(desk.project, frame))}-{kind}"'


def kept(desk: Desk, frame: Frame, request: Request, kind: str) -> Response | None:
    """The answer where the browser has the picture already."""
    tag = tag_of(desk, frame, kind)
    return Response(status_code=304, headers={"etag": tag}) if request.headers.get("if-none-match") == tag else None


def picture(desk: Desk, frame: Frame, kind: str, body: bytes, media: str) -> Response:
    """A picture that the browser may keep, and asks about each time."""
    headers = {"etag": tag_of(desk, frame, kind), "cache-control": "private, no-cache"}
    return Response(body, media_type=media, headers=headers)
