"""What a person does to a frame, each gesture one op: one row that holds the frame and its targets before and after.

A gesture whose key was used before changes nothing and answers as it did then. One that was made on an older revision
of the frame (`on`) than the present one changes nothing either: it answers with a Conflict.
"""

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from glimt.annotate.store import Store, find_target, frame_of, get_target, targets_on, write_targets, writing
from glimt.annotate.values import Answer, Author, Conflict, Frame, Status, Target, Verdict, row_of, target_of
from glimt.core.errors import DataError


@dataclass(frozen=True)
class Change:
    """What a gesture leaves: the targets it touches, and the frame's verdict where it is about the frame."""

    targets: Sequence[Target] = ()
    verdict: tuple[Verdict | None, str] | None = None  # with its reason
    turns: int | None = None  # the op that an undo or redo turns back


Plan = Callable[[Frame], Change | Conflict]


def add(
    store: Store, frame: str, targets: Sequence[Target], author: Author, on: int | None = None, kind: str = "add"
) -> Answer | Conflict:
    """Put new targets on a frame; without `on`, whatever its revision."""

    def plan(now: Frame) -> Change | Conflict:
        known = [one for one in (find_target(store, target.uuid) for target in targets) if one]
        if known:
            return conflict(now, "a target of this name is there already", known)
        late = None if on is None else moved_on(now, on)
        return late or Change([replace(target, frame=frame, deleted=False) for target in targets])

    return perform(store, frame, author, kind, plan)


def change(store: Store, target: Target, on: int, author: Author, kind: str = "change") -> Answer | Conflict:
    """Put another mask, other seeds or another status in the place of a target's."""

    def plan(now: Frame) -> Change | Conflict:
        known = get_target(store, target.uuid)
        return moved_on(now, on, known) or Change([replace(target, frame=known.frame, deleted=False)])

    return perform(store, get_target(store, target.uuid).frame, author, kind, plan)


def remove(store: Store, uuid: str, on: int, author: Author) -> Answer | Conflict:
    """Delete a target; undo brings it back."""

    def plan(now: Frame) -> Change | Conflict:
        known = get_target(store, uuid)
        return moved_on(now, on, known) or Change([replace(known, deleted=True)])

    return perform(store, get_target(store, uuid).frame, author, "delete", plan)


def judge(store: Store, uuid: str, status: Status, on: int, author: Author, reason: str = "") -> Answer | Conflict:
    """Accept, reject or flag a target, or make it a candidate again."""
    kinds: dict[Status, str] = {"accepted": "accept", "rejected": "reject", "flagged": "flag", "candidate": "reopen"}

    def plan(now: Frame) -> Change | Conflict:
        known = get_target(store, uuid)
        return moved_on(now, on, known) or Change([replace(known, status=status, reason=reason)])

    return perform(store, get_target(store, uuid).frame, author, kinds[status], plan)


def finish(
    store: Store, frame: str, verdict: Verdict | None, on: int, author: Author, reason: str = ""
) -> Answer | Conflict:
    """Say that a frame is done, or flagged, or, with None, open again.

    What is a candidate on a frame that is done is accepted with it; one without a target is done as empty.
    """
    kinds: dict[Verdict | None, str] = {"done": "finish", "flagged": "flag frame", None: "reopen frame"}

    def plan(now: Frame) -> Change | Conflict:
        open_ones = [one for one in targets_on(store, frame) if one.status == "candidate" and verdict == "done"]
        targets = [replace(one, status="accepted") for one in open_ones]
        return moved_on(now, on) or Change(targets, (verdict, reason))

    return perform(store, frame, author, kinds[verdict], plan)


def perform(store: Store, frame: str, author: Author, kind: str, plan: Plan) -> Answer | Conflict:
    """Do what `plan` makes of the frame as it is now, in one transaction; a key that was used answers as it did."""
    check_author(author)
    with writing(store) as db:
        done = answered(db, author)
        if done is not None:
            return same_gesture(done, frame, kind)
        now = frame_of(store, frame)
        made = plan(now)
        return made if isinstance(made, Conflict) else keep(store, db, now, (author, kind), made)


def keep(store: Store, db: sqlite3.Connection, frame: Frame, made: tuple[Author, str], change: Change) -> Answer:
    """Write the targets, the frame and the op; whatever was undone before can no longer be redone."""
    (author, kind), at = made, store.now()
    old = {target.uuid: find_target(store, target.uuid) for target in change.targets}
    new = [next_of(target, old[target.uuid], author.user, at, change.turns) for target in change.targets]
    verdict, reason = change.verdict or (frame.verdict, frame.reason)
    after = replace(frame, verdict=verdict, reason=reason, revision=frame.revision + 1)
    write_targets(db, frame, new)
    db.execute(
        "UPDATE frame SET verdict = ?, reason = ?, revision = ? WHERE number = ?",
        (verdict, reason, after.revision, frame.number),
    )
    if change.turns is None:
        db.execute(
            "UPDATE op SET state = 'dropped' WHERE frame = ? AND author = ? AND state = 'undone'",
            (frame.number, author.user),
        )
    texts = snapshot(frame, old), snapshot(after, {target.uuid: target for target in new})
    row = (frame.number, author.user, at, author.key, kind, *texts, change.turns)
    op = db.execute(
        "INSERT INTO op (frame, author, at, key, kind, before, after, turns) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row
    ).lastrowid
    assert op is not None
    return Answer(op, kind, frame.id, after.revision, verdict, reason, tuple(new))


def next_of(target: Target, old: Target | None, user: str, at: str, turns: int | None) -> Target:
    """The target under the revision behind the old one's; what is brought back keeps its author and time."""
    revision = (old.revision if old else 0) + 1
    return replace(target, revision=revision) if turns else replace(target, revision=revision, author=user, at=at)


def snapshot(frame: Frame, targets: Mapping[str, Target | None]) -> str:
    """A frame and some of its targets as the text of an op."""
    rows = {uuid: None if target is None else row_of(target) for uuid, target in targets.items()}
    values = {"revision": frame.revision, "verdict": frame.verdict, "reason": frame.reason, "targets": rows}
    return json.dumps(values, separators=(",", ":"))


def answered(db: sqlite3.Connection, author: Author) -> Answer | None:
    """What the gesture of this key answered; None where there was none."""
    row = db.execute(
        "SELECT op.*, f.id FROM op JOIN frame f ON f.number = op.frame WHERE op.author = ? AND op.key = ?", author
    ).fetchone()
    if row is None:
        return None
    after = json.loads(row["after"])
    targets = tuple(map(target_of, after["targets"].values()))
    return Answer(row["number"], row["kind"], row["id"], after["revision"], after["verdict"], after["reason"], targets)


def same_gesture(done: Answer, frame: str, kind: str) -> Answer:
    """The earlier answer. Raises DataError where its key was some other gesture's."""
    if (done.frame, done.kind) != (frame, kind):
        raise DataError(f"the key was used for {done.kind!r} on {done.frame} already; take a new key a gesture")
    return done


def check_author(author: Author) -> None:
    """Raise DataError where a name or a key is empty or too long."""
    for word, text in zip(("user", "key"), author, strict=True):
        if not 0 < len(text) <= 200:
            raise DataError(f"the {word} {text[:20]!r} has {len(text)} characters; give 1 to 200")


def moved_on(frame: Frame, on: int, known: Target | None = None) -> Conflict | None:
    """The conflict where a frame is no longer at revision `on`, or the target in question gone."""
    concerned = () if known is None else (known,)
    if known is not None and known.deleted:
        return conflict(frame, "the target was deleted", concerned)
    if frame.revision != on:
        return conflict(frame, f"the frame is at revision {frame.revision}, not {on}", concerned)
    return None


def conflict(frame: Frame, why: str, targets: Sequence[Target] = ()) -> Conflict:
    """A conflict about a frame as it is now."""
    return Conflict(why, frame.id, frame.revision, frame.verdict, tuple(targets))
