"""Lists that are paged: frames by sequence and status, what to label next, and what to review first."""

from typing import Any, Literal, NamedTuple

from glimt.annotate.store import TARGETS, Store, as_target, reading
from glimt.annotate.values import STATUSES, Status, Target
from glimt.core.errors import DataError

FrameStatus = Literal["todo", "candidate", "accepted", "flagged", "done"]
LETTERS: dict[str, str] = {"todo": "t", "candidate": "c", "accepted": "a", "flagged": "f", "done": "d"}
LIVE = "EXISTS (SELECT 1 FROM target t WHERE t.frame = f.number AND t.deleted = 0"
STATUS = f"""CASE WHEN f.verdict IS NOT NULL THEN f.verdict
  WHEN {LIVE} AND t.status = 'candidate') THEN 'candidate'
  WHEN {LIVE} AND t.status = 'flagged') THEN 'flagged'
  WHEN {LIVE}) THEN 'accepted' ELSE 'todo' END"""
LINE = f"""SELECT f.*, {STATUS} AS status,
  (SELECT COUNT(*) FROM target t WHERE t.frame = f.number AND t.deleted = 0) AS targets,
  (SELECT author FROM lease l WHERE l.frame = f.number AND l.until > :now) AS holder FROM frame f"""
FREE = "(holder IS NULL OR holder = :user)"


class Line(NamedTuple):
    """One frame of a list."""

    id: str
    sequence: str
    position: int
    status: FrameStatus
    targets: int
    missing: bool
    rows: int | None
    cols: int | None
    revision: int
    holder: str | None  # who has it leased


class Page(NamedTuple):
    """Some frames of a list; `after` asks for the next ones, None at the end."""

    frames: list[Line]
    after: str | None


class Doubtful(NamedTuple):
    """Some targets of the review queue, most doubtful first; `after` asks for the next ones, None at the end."""

    targets: list[Target]
    after: str | None


class Bar(NamedTuple):
    """One sequence: how many frames have each status. `missing` ones are counted apart."""

    sequence: str
    frames: int
    statuses: dict[str, int]
    missing: int


def page(
    store: Store,
    sequence: str | None = None,
    status: FrameStatus | None = None,
    after: str | None = None,
    limit: int = 200,
) -> Page:
    """Frames in the dataset's order behind the frame `after`, of one sequence and status or of all."""
    wanted: list[tuple[str, Any]] = [
        ("f.sequence = :sequence", sequence),
        ("status = :status", status),
        ("f.position > (SELECT position FROM frame WHERE id = :after)", after),
    ]
    where = " AND ".join(["1", *(text for text, value in wanted if value is not None)])
    values = {"sequence": sequence, "status": status, "after": after, "now": store.clock(), "limit": limit + 1}
    with reading(store) as db:
        rows = db.execute(f"{LINE} WHERE {where} ORDER BY f.position LIMIT :limit", values).fetchall()
    lines = list(map(line_of, rows[:limit]))
    return Page(lines, lines[-1].id if len(rows) > limit else None)


def line_of(row: Any) -> Line:
    """A line of its columns."""
    values: dict[str, Any] = {name: row[name] for name in Line._fields}
    values["missing"] = bool(values["missing"])
    return Line(**values)


def next_to_label(store: Store, user: str, after: str | None = None) -> Line | None:
    """The next frame with work on it that nobody else has, behind `after`, else from the first; None at the end."""
    query = f"{LINE} WHERE f.missing = 0 AND status IN ('todo', 'candidate') AND {FREE} AND f.id IS NOT :after"
    behind = "f.position > COALESCE((SELECT position FROM frame WHERE id = :after), -1)"
    values = {"now": store.clock(), "user": user, "after": after}
    with reading(store) as db:
        found = db.execute(f"{query} AND {behind} ORDER BY f.position LIMIT 1", values).fetchone()
        found = found or db.execute(f"{query} ORDER BY f.position LIMIT 1", values).fetchone()
    return None if found is None else line_of(found)


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
    query = f"""SELECT f.sequence, {STATUS} AS status, f.missing, COUNT(*) AS many, MIN(f.position) AS first
      FROM frame f GROUP BY 1, 2, 3 ORDER BY first"""
    found: dict[str, Bar] = {}
    with reading(store) as db:
        for row in db.execute(query):
            bar = found.setdefault(row["sequence"], Bar(row["sequence"], 0, {}, 0))
            if row["missing"]:
                found[bar.sequence] = bar._replace(missing=bar.missing + row["many"])
                continue
            counts = bar.statuses | {row["status"]: row["many"]}
            found[bar.sequence] = bar._replace(frames=bar.frames + row["many"], statuses=counts)
    return list(found.values())


def ticks(store: Store, sequence: str) -> str:
    """One letter a frame of a sequence, in its order: the status's first, or `m` for a missing one."""
    query = f"SELECT {STATUS} AS status, f.missing FROM frame f WHERE f.sequence = ? ORDER BY f.position"
    with reading(store) as db:
        return "".join("m" if row["missing"] else LETTERS[row["status"]] for row in db.execute(query, (sequence,)))


def target_counts(store: Store) -> dict[str, int]:
    """How many targets have each status; `by hand` counts those of them that a person drew."""
    with reading(store) as db:
        rows = db.execute("SELECT status, COUNT(*) FROM target WHERE deleted = 0 GROUP BY status").fetchall()
        (drawn,) = db.execute("SELECT COUNT(*) FROM target WHERE deleted = 0 AND source = 'hand'").fetchone()
    return dict.fromkeys(STATUSES, 0) | dict(rows) | {"by hand": drawn}
