"""`glimt annotate`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from glimt.cli.console import LayoutName

if TYPE_CHECKING:
    from glimt.annotate.project import Project
    from glimt.annotate.web.generators import Generator


def annotate(
    frames: Annotated[
        Path, typer.Argument(help="Folder of frames, dataset in a known layout, video or TIFF stack.", exists=True)
    ],
    points: Annotated[
        Path | None, typer.Option(help="Clicks to begin with: points.csv, COCO, LabelMe; a mask is drawn from each.")
    ] = None,
    masks: Annotated[Path | None, typer.Option(help="Folder of masks to begin with, named as the frames.")] = None,
    labeler: Annotated[
        list[str], typer.Option(help="Labeler to begin with, by name, or a trained RUN|CHECKPOINT to offer too.")
    ] = [],
    port: Annotated[
        int | None,
        typer.Option(help="Port to listen on; 0 for any free one. Left out: 8642 or the next.", min=0, max=65535),
    ] = None,
    host: Annotated[
        str, typer.Option(help="Address to listen on; another than this lets other machines in.")
    ] = "127.0.0.1",
    user: Annotated[str | None, typer.Option(help="Name on your edits; your login when left out.")] = None,
    readonly: Annotated[bool, typer.Option("--readonly", help="Look only; nothing is written.")] = False,
    database: Annotated[
        Path | None, typer.Option(help="The project's file; project.glimt.db in the folder when left out.")
    ] = None,
    raw: Annotated[
        str | None, typer.Option(help="Frames without header: dtype and shape, e.g. uint16:480x640.")
    ] = None,
    layout: LayoutName = None,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:
    """Label frames in a browser: one click a target, then look the masks over.

    Everything is saved at once, in project.glimt.db beside the frames. Ctrl-C ends it.

    Example: glimt annotate images/ --points clicks.csv --labeler fuse
    """
    from glimt.cli.console import need_extra, say

    need_extra("annotate", "fastapi", "uvicorn")
    from contextlib import ExitStack

    from glimt.annotate.project import Options, open_project
    from glimt.annotate.propose import Wish, labeler_of
    from glimt.annotate.web.desk import Desk
    from glimt.annotate.web.generators import offered
    from glimt.annotate.web.serve import open_door, serve
    from glimt.core.raw import parse_raw

    runs, first = labelers_of(labeler)
    options = Options(layout, readonly, database, runs, None if raw is None else parse_raw(raw))
    with ExitStack() as undone:  # nothing stays open where one of these fails
        door = open_door(host, port)
        undone.callback(door.socket.close)
        project = open_project(frames, options)
        undone.callback(project.close)
        generators, name = offered(project.labelers, first), user or login()
        for run in runs:  # a network that cannot be loaded is told now, not at the first click
            labeler_of(Wish(run.name, {}), project.labelers)
        bring_in(project, name, points, masks, generators)
        undone.pop_all()
    said = f"{frames}: {told(project)}"

    def ready() -> None:
        say(said)
        say(f"open {door.address}    (Ctrl-C ends it; every edit is saved as it is made)")
        if browser:
            show(door.address)

    serve(Desk(project, generators, name), door, ready)
    say(f"ended; everything is in {project.store.path}")


def labelers_of(names: list[str]) -> tuple[tuple[Path, ...], str | None]:
    """The trained networks among the names, and which generator comes first."""
    from glimt.annotate.web.generators import HOUSE

    known = {one.name for one in HOUSE}
    runs = tuple(Path(name) for name in names if name not in known and Path(name).exists())
    return runs, None if not names else names[0] if names[0] in known else Path(names[0]).name


def bring_in(
    project: "Project", user: str, points: Path | None, masks: Path | None, generators: "tuple[Generator, ...]"
) -> None:
    """Labels from files, and a mask for each click that has none."""
    from glimt.annotate.imports import import_files
    from glimt.annotate.seed import draw_clicks
    from glimt.annotate.web.generators import wish_of
    from glimt.cli.console import say, track
    from glimt.core.errors import OptionError

    if points is None and masks is None:
        return
    if project.readonly:
        raise OptionError("--points and --masks write to the project; leave out --readonly")
    done = import_files(project, user, points, masks)
    drawn = draw_clicks(project, user, wish_of(generators, generators[0].name, {}), lambda ids: track(ids, "Drawing"))
    say(f"{done.targets} targets of {done.frames} frames came in, {drawn} of them were drawn by {generators[0].name}")
    if done.kept:
        say(f"{done.kept} frames were worked on before and stay as they are")


def told(project: "Project") -> str:
    """What opening the folder found."""
    from glimt.annotate.lists import bars

    rows = bars(project.store)
    sequences = f"{len(rows)} sequences" if len(rows) > 1 else "one sequence"
    text = f"{sum(row.frames for row in rows)} frames, {sequences}"
    changes = [
        f"{count} {word}" for word, count in zip(("new", "missing", "back"), project.changes, strict=True) if count
    ]
    return text + (f" ({', '.join(changes)})" if changes else "")


def login() -> str:
    """The name of who is logged in."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "me"


def show(address: str) -> None:
    """Open a browser shortly, once the server answers; without one the printed address is enough."""
    import threading
    import webbrowser

    timer = threading.Timer(0.7, webbrowser.open, [address])
    timer.daemon = True
    timer.start()
