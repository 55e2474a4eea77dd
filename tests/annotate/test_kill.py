"""The server is killed in the middle of edits, fifty times, over one project that grows."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from annotate.projects import frame, write_frames

from glimt.annotate.project import NAME, open_project
from glimt.annotate.store import frame_of, get_target, open_store
from glimt.annotate.values import Author, target_of

EDITOR = Path(__file__).with_name("editor.py")
KILLS = 50


def test_every_acknowledged_edit_survives_fifty_kills_and_history_stays_whole(tmp_path):
    folder = write_frames(tmp_path, {"a": frame(), "b": frame()})
    open_project(folder).close()
    rng, acknowledged = random.Random(3), 0
    server = subprocess.Popen(
        [sys.executable, str(EDITOR), "serve", str(folder / NAME)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
    )  # fmt: skip
    try:
        for kill in range(KILLS):
            lines = edits_until_killed(server, kill, rng)
            acknowledged += len(lines)
            check(folder / NAME, lines)
    finally:
        server.stdin.close()
        server.wait(10)
        server.stdout.close()
    assert acknowledged > 5 * KILLS
    check_history(folder / NAME)


def edits_until_killed(server, seed, rng):
    """The acknowledgements of one child, killed at a random moment after its first few."""
    server.stdin.write(f"{seed}\n")
    server.stdin.flush()
    lines, child = [], None
    wanted = rng.randint(3, 14)
    for line in server.stdout:
        if line.startswith("killed"):
            return lines
        if line.startswith("child"):
            child = int(line.split()[1])
        elif line.endswith("\n"):
            lines.append(line.strip())
        if child and len(lines) == wanted:
            time.sleep(rng.random() * 0.004)
            os.kill(child, signal.SIGKILL)
            wanted = None
    raise AssertionError("the editor ended by itself")


def check(path, lines):
    """Whole pages, and each acknowledged gesture there as it was acknowledged."""
    store = open_store(path)
    assert store.db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert store.db.execute("PRAGMA foreign_key_check").fetchall() == []
    for line in lines:
        key, op, seen, targets = line.split("|")
        row = store.db.execute("SELECT * FROM op WHERE author = ? AND key = ?", Author("ann", key)).fetchone()
        assert row is not None
        assert row["number"] == int(op)
        after, (id, revision) = json.loads(row["after"]), seen.split("=")
        assert after["revision"] == int(revision) <= frame_of(store, id).revision
        for uuid, revision in (one.split("=") for one in targets.split(",") if one):
            assert after["targets"][uuid]["revision"] == int(revision) <= get_target(store, uuid).revision
    store.close()


def check_history(path):
    """Every op begins where the one before it ended, and the last one is what the tables hold."""
    store = open_store(path)
    frames, targets = {}, {}
    query = "SELECT op.*, f.id FROM op JOIN frame f ON f.number = op.frame ORDER BY op.number"
    states, owners = {}, {}
    for row in store.db.execute(query).fetchall():
        before, after = json.loads(row["before"]), json.loads(row["after"])
        assert frames.get(row["id"], (0, None)) == (before["revision"], before["verdict"])
        frames[row["id"]] = after["revision"], after["verdict"]
        for uuid, known in before["targets"].items():
            assert targets.get(uuid) == known
        targets |= after["targets"]
        if row["turns"]:
            assert states[row["turns"]] == ("done" if row["kind"] == "undo" else "undone")
            states[row["turns"]] = "undone" if row["kind"] == "undo" else "done"
        else:
            dropped = [op for op, state in states.items() if state == "undone" and owners[op] == row["id"]]
            states |= dict.fromkeys(dropped, "dropped") | {row["number"]: "done"}
            owners[row["number"]] = row["id"]
    for id, (revision, verdict) in frames.items():
        assert (frame_of(store, id).revision, frame_of(store, id).verdict) == (revision, verdict)
    for uuid, known in targets.items():
        target = get_target(store, uuid)
        assert target == target_of(known)
    kept = dict(store.db.execute("SELECT number, state FROM op WHERE turns IS NULL").fetchall())
    assert kept == states
    store.close()
