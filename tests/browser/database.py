"""What a project's file says, read past the server."""

import sqlite3
from contextlib import closing

from glimt.annotate.masks import BoxedMask
from glimt.annotate.project import NAME

LIVE = "SELECT t.*, f.id AS frame_id FROM target t JOIN frame f ON f.number = t.frame WHERE t.deleted = 0"


def rows(place, query=LIVE, *values):
    """Rows by the names of their columns; `place` is the project's file, or its folder."""
    with closing(sqlite3.connect(place / NAME if place.is_dir() else place)) as db:
        db.row_factory = sqlite3.Row
        return [dict(row) for row in db.execute(query, values)]


def targets(folder, frame):
    return [row for row in rows(folder) if row["frame_id"] == frame]


def pixels(row, shape):
    """The mask of a target's row on its whole frame."""
    box = row["top"], row["left"], row["bottom"], row["right"]
    return BoxedMask(box, row["runs"].decode()).within(shape)


def integrity(folder):
    return rows(folder, "PRAGMA integrity_check")[0]["integrity_check"]
