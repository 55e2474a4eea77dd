"""Lists that are paged: frames by sequence and status, what to label next, and what to review first."""

from collections.abc import Collection
from typing import Any, Literal, NamedTuple, get_args

from glimt.annotate.store import TARGETS, Store, as_target, reading
from glimt.annotate.values import STATUSES, Frame, Status, Target
from glimt.core.errors import DataError

FrameStatus = Literal["todo", "candidate", "accepted", "fixed", "flagged", "empty", "missing"]
FRAME_STATUSES: tuple[FrameStatus, ...] = get_args(FrameStatus)
LIVE = "EXISTS (SELECT 1 FROM target t WHERE t.frame = f.number AND t.deleted = 0"
STATUS = f"""CASE WHEN f.missing THEN 'missing' WHEN f.verdict = 'flagged' THEN 'flagged'
  WHEN {LIVE} AND t.status = 'candidate') THEN 'candidate'
  WHEN {LIVE} AND t.status = 'flagged') THEN 'flagged'
  WHEN {LIVE} AND t.status = 'accepted' AND t.source = 'hand') THEN 'fixed'
  WHEN {LIVE} AND t.status = 'accepted') THEN 'accepted'
  WHEN f.verdict = 'done' THEN 'empty' ELSE 'todo' END"""
LINE = f"""SELECT f.*, {STATUS} AS status,
  (SELECT COUNT(*) FROM target t WHERE t.frame = f.number AND t.deleted = 0) AS targets,
  (SELECT author FROM lease l WHERE l.frame = f.number AND l.until > :now) AS holder FROM"""
RANKED = """(SELECT *, ROW_NUMBER() OVER (ORDER BY position, number) - 1 AS "index" FROM frame
  WHERE sequence = :sequence) f"""
FREE = "(holder IS NULL OR holder = :user)"


class Line(NamedTuple):
    """One frame of a list."""

    number: int
    id: str
    sequence: str
    status: FrameStatus
    targets: int
    holder: str | None  # who has it leased


class Page(NamedTuple):
    """Some frames of a sequence by their indices in it; `after` asks for the next ones, None at the end."""

    frames: dict[int, Line]
    after: int | None


class Doubtful(NamedTuple):
    """Some targets of the review queue, most doubtful first; `after` asks for the next ones, None at the end."""

    targets: list[Target]
    after: str | None


class Bar(NamedTuple):
    """One sequence: its first frame's number, and how many frames have each status."""

    sequence: str
    first: int
    statuses: dict[str, int]

    @property
    def frames(self) -> int:
        """How many there are, missing ones too."""
        return sum(self.statuses.values())


def page(
    store: Store, sequence: str, statuses: Collection[FrameStatus] = (), after: int = -1, limit: int = 200
) -> Page:
    """Frames of a sequence behind the index `after`, of some statuses or of all."""
    marks = ", ".join(f":status{i}" for i in range(len(statuses)))
    chosen = f"AND status IN ({marks})" if statuses else ""
    values = {"sequence": sequence, "after": after, "now": store.clock(), "limit": limit + 1}
    values |= {f"status{i}": status for i, status in enumerate(statuses)}
    query = f'{LINE} {RANKED} WHERE "index" > :after {chosen} ORDER BY "index" LIMIT :limit'
    with reading(store) as db:
        rows = db.execute(query, values).fetchall()
    lines = {row["index"]: line_of(row) for row in rows[:limit]}
    return Page(lines, max(lines) if len(rows) > limit else None)


def line_of(row: Any) -> Line:
    """A line of its columns."""
    return Line(*(row[name] for name in Line._fields))


def index_of(store: Store, frame: Frame) -> int:
    """The place of a frame in its sequence."""
    query = "SELECT COUNT(*) FROM frame WHERE sequence = ? AND (position, number) < (?, ?)"
    with reading(store) as db:
        return db.execute(query, (frame.sequence, frame.position, frame.number)).fetchone()[0]


def length_of(store: Store, sequence: str) -> int:
    """How many frames a sequence has, missing ones too."""
    with reading(store) as db:
        return db.execute("SELECT COUNT(*) FROM frame WHERE sequence = ?", (sequence,)).fetchone()[0]


def status_of(store: Store, frame: Frame) -> FrameStatus:
    """The status of one frame."""
    with reading(store) as db:
        return db.execute(f"SELECT {STATUS} FROM frame f WHERE number = ?", (frame.number,)).fetchone()[0]


def next_to_label(store: Store, user: str, after: str | None = None) -> Line | None:
    """The next frame with work on it that nobody else has, behind `after`, else from the first; None at the end."""
    query = f"{LINE} frame f WHERE status IN ('todo', 'candidate') AND {FREE} AND f.id IS NOT :after"
    behind = "f.position > COALESCE((SELECT position FROM frame WHERE id = :after), -1)"
    values = {"now": store.clock(), "user": user, "after": after}
    with reading(store) as db:
        found = db.execute(f"{query} AND {behind} ORDER BY f.position LIMIT 1", values).fetchone()
        found = found or db.execute(f"{query} ORDER BY f.position LIMIT 1", values).fetchone()
    return None if found is None else line_of(found)


def last_worked_on(store: Store, user: str) -> str | None:
    """The frame of a user's last gesture; None where there was none."""
    query = (
        "SELECT f.id FROM op JOIN frame f ON f.number = op.frame WHERE op.author = ? ORDER BY op.number DESC LIMIT 1"
    )
    with reading(store) as db:
        row = db.execute(query, (user,)).fetchone()
    return row and row["id"]


def to_review(
    store: Store, user: str, after: str | None = None, limit: int = 20, status: Status = "candidate"
) -> Doubtful:
    """Targets of a status, the least trustworthy mask first; frames that others have are left out."""
    doubt, uuid = place_of(after)
    query = f"""{TARGETS} WHERE t.deleted = 0 AND t.status = :status AND f.missing = 0
      AND t.doubt <= :doubt AND (t.doubt < :doubt OR t.uuid > :uuid)
      AND NOT EXISTS (SELECT 1 FROM lease l WHERE l.frame = t.frame AND l.until > :now AND l.author <> :user)
      ORDER BY t.doubt DESC, t.uuid LIMIT :limit"""
    values = {"status": status, "doubt": doubt, "uuid": uuid, "now": store.clock(), "user": user, "limit": limit + 1}
    with reading(store) as db:
        found = [as_target(row) for row in db.execute(query, values)]
    last = found[limit - 1] if len(found) > limit else None
    return Doubtful(found[:limit], last and f"{last.figures.doubt!r}:{last.uuid}")


def place_of(cursor: str | None) -> tuple[float, str]:
    """The doubt and the uuid behind which a page begins."""
    if cursor is None:
        return 2.0, ""
    doubt, _, uuid = cursor.partition(":")
    try:
        return float(doubt), uuid
    except ValueError as error:
        raise DataError(f"{cursor[:40]!r} is no place in the review queue; begin without one") from error


def bars(store: Store) -> list[Bar]:
    """Every sequence in the dataset's order, and how far it is."""
    query = f"""SELECT f.sequence, {STATUS} AS status, COUNT(*) AS many, MIN(f.position) AS first, f.number
      FROM frame f GROUP BY 1, 2 ORDER BY first"""
    found: dict[str, Bar] = {}
    with reading(store) as db:
        for row in db.execute(query):  # the number beside a MIN is that of its row
            bar = found.setdefault(
                row["sequence"], Bar(row["sequence"], row["number"], dict.fromkeys(FRAME_STATUSES, 0))
            )
            bar.statuses[row["status"]] = row["many"]
    return list(found.values())


def ticks(store: Store, sequence: str) -> str:
    """One digit a frame of a sequence, in its order: the place of its status in FRAME_STATUSES."""
    digits = {status: str(i) for i, status in enumerate(FRAME_STATUSES)}
    query = f"SELECT {STATUS} FROM frame f WHERE f.sequence = ? ORDER BY f.position, f.number"
    with reading(store) as db:
        return "".join(digits[status] for (status,) in db.execute(query, (sequence,)))


def target_counts(store: Store) -> dict[str, int]:
    """How many targets have each status; `by hand` counts those of them that a person drew."""
    with reading(store) as db:
        rows = db.execute("SELECT status, COUNT(*) FROM target WHERE deleted = 0 GROUP BY status").fetchall()
        (drawn,) = db.execute("SELECT COUNT(*) FROM target WHERE deleted = 0 AND source = 'hand'").fetchone()
    return dict.fromkeys(STATUSES, 0) | dict(rows) | {"by hand": drawn}
