"""What every request needs: the project, who asks, and what the writes of a request rest on."""

import re
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, NamedTuple

from fastapi import Depends, HTTPException, Request

from glimt.annotate.jobs import Jobs
from glimt.annotate.project import Project
from glimt.annotate.store import frame_numbered
from glimt.annotate.values import Author, Frame
from glimt.annotate.web.generators import Generator

USER = "glimt-user"  # the cookie with the name on one's edits


@dataclass(frozen=True)
class Desk:
    """An open project as it is served; `user` is who has no other name."""

    project: Project
    generators: tuple[Generator, ...]
    user: str
    jobs: Jobs = field(default_factory=Jobs)
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="glimt-")))

    def close(self) -> None:
        """End what still runs, and remove what was made for downloads."""
        self.jobs.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.project.close()


class Pen(NamedTuple):
    """Who writes under which key, on which revision of the frame."""

    author: Author
    on: int


async def desk_of(request: Request) -> Desk:
    """The desk of this server."""
    return request.app.state.desk


async def user_of(request: Request) -> str:
    """The name on this browser's edits."""
    return request.cookies.get(USER) or request.app.state.desk.user


async def author_of(request: Request) -> Author:
    """Who writes, and the key that makes a gesture sent twice be done once."""
    if request.app.state.desk.project.readonly:
        raise HTTPException(403, "this project is open for reading only")
    key = request.headers.get("idempotency-key", "")
    if not key:
        raise HTTPException(422, "a write needs an Idempotency-Key")
    return Author(await user_of(request), key)


async def pen_of(request: Request) -> Pen:
    """The author, and the revision that the page saw."""
    author, seen = await author_of(request), re.fullmatch(r'"(\d{1,18})"', request.headers.get("if-match", ""))
    if seen is None:
        raise HTTPException(422, 'a write needs the frame\'s revision: If-Match: "N"')
    return Pen(author, int(seen[1]))


def shown_frame(number: int, desk: Annotated[Desk, Depends(desk_of)]) -> Frame:
    """The frame of a path."""
    return frame_numbered(desk.project.store, number)


TheDesk = Annotated[Desk, Depends(desk_of)]
TheUser = Annotated[str, Depends(user_of)]
TheAuthor = Annotated[Author, Depends(author_of)]
ThePen = Annotated[Pen, Depends(pen_of)]
TheFrame = Annotated[Frame, Depends(shown_frame)]
