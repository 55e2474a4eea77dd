"""A program that edits a project and says each gesture's key once it is kept; the tests kill it.

`editor.py write DATABASE COUNT USER` edits and ends. `editor.py serve DATABASE` forks a child for each line `SEED` on
its standard input, which edits without end; it prints the child's number first. Loading once keeps fifty cheap.
"""

import os
import sys
import uuid
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np

from glimt.annotate.gestures import add, finish, judge, remove
from glimt.annotate.history import redo, undo
from glimt.annotate.masks import boxed
from glimt.annotate.store import frame_of, open_store, targets_on
from glimt.annotate.values import Answer, Author, Figures, Target

MASK = boxed(np.ones((3, 3), bool), 4, 4)


def a_target():
    name = str(uuid.uuid4())
    return Target(name, "", name, ((5.0, 5.0),), (), MASK, Figures(area=9), "hand", {}, "candidate", "")


def edit(store, author, rng):
    """One gesture of a random kind; None where there was nothing to do."""
    frame = str(rng.choice(["a", "b"]))
    now, live = frame_of(store, frame), targets_on(store, frame)
    one = live[rng.integers(len(live))] if live else None
    kind = rng.choice(["add", "accept", "remove", "finish", "undo", "redo"], p=[0.3, 0.2, 0.1, 0.1, 0.2, 0.1])
    if kind == "add" or (one is None and kind in ("accept", "remove")):
        return add(store, frame, [a_target()], author)
    if kind == "accept":
        return judge(store, one.uuid, "accepted", now.revision, author)
    if kind == "remove":
        return remove(store, one.uuid, now.revision, author)
    if kind == "finish":
        return finish(store, frame, None if now.verdict else "done", now.revision, author)
    return (undo if kind == "undo" else redo)(store, frame, author)


def work(database, many, user, seed):
    store, rng = open_store(Path(database)), np.random.default_rng(seed)
    for _ in many:
        author = Author(user, str(uuid.uuid4()))
        answer = edit(store, author, rng)
        if isinstance(answer, Answer):
            targets = ",".join(f"{target.uuid}={target.revision}" for target in answer.targets)
            os.write(1, f"{author.key}|{answer.op}|{answer.frame}={answer.revision}|{targets}\n".encode())


def write(database, many, user):
    """Additions alone, so that two programs can count them."""
    store = open_store(Path(database))
    for i in range(many):
        author = Author(user, f"{user}-{i}")
        assert isinstance(add(store, "ab"[i % 2], [replace(a_target())], author), Answer)
        os.write(1, f"{author.key}\n".encode())
    store.close()


def serve(database):
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            work(database, count(), "ann", int(line))
        os.write(1, f"child {child}\n".encode())
        os.waitpid(child, 0)
        os.write(1, b"killed\n")


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(sys.argv[2], int(sys.argv[3]), sys.argv[4])
    else:
        serve(sys.argv[2])
