"""Who works on which frame: a courtesy, so that two people are not sent to one frame. Revisions keep the truth."""

from typing import NamedTuple

from glimt.annotate.store import Store, frame_of, reading, writing

SECONDS = 120.0  # a lease that is not renewed ends by then


class Lease(NamedTuple):
    """A frame and who has it, until when (seconds since 1970)."""

    frame: str
    user: str
    until: float


def lease(store: Store, frame: str, user: str) -> Lease:
    """Take or renew a frame; where somebody else has it, theirs is what comes back."""
    with writing(store) as db:
        number, now = frame_of(store, frame).number, store.clock()
        row = db.execute("SELECT author, until FROM lease WHERE frame = ? AND until > ?", (number, now)).fetchone()
        if row is not None and row["author"] != user:
            return Lease(frame, row["author"], row["until"])
        until = now + SECONDS
        db.execute("INSERT OR REPLACE INTO lease (frame, author, until) VALUES (?, ?, ?)", (number, user, until))
        return Lease(frame, user, until)


def release(store: Store, frame: str, user: str) -> None:
    """Give a frame back; somebody else's stays theirs."""
    with writing(store) as db:
        number = frame_of(store, frame).number
        db.execute("DELETE FROM lease WHERE frame = ? AND author = ?", (number, user))


def leases(store: Store) -> list[Lease]:
    """Every frame that somebody has now: who else is here."""
    query = "SELECT f.id, l.author, l.until FROM lease l JOIN frame f ON f.number = l.frame WHERE l.until > ?"
    with reading(store) as db:
        return [Lease(*row) for row in db.execute(f"{query} ORDER BY f.position", (store.clock(),))]
