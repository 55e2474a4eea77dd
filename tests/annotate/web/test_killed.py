"""The server is killed in the middle of edits, fifty times; what it had acknowledged to its page is there."""

import http.client
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import uuid
from pathlib import Path

import numpy as np
from annotate.projects import frame, write_frames
from annotate.web.caller import run_mask

from glimt.annotate.project import NAME

SERVER = Path(__file__).with_name("killable.py")
KILLS = 50
HEADERS = {"cookie": "", "content-type": "application/json"}


def test_every_edit_that_was_acknowledged_survives_fifty_kills_of_the_server(tmp_path):
    folder, rng = write_frames(tmp_path, {name: frame(seed=i) for i, name in enumerate("ab")}), random.Random(5)
    command = [sys.executable, str(SERVER), str(folder)]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
    saved = {}
    try:
        port = int(server.stdout.readline().split()[1])
        for _ in range(KILLS):
            server.stdin.write("\n")
            server.stdin.flush()
            child = int(server.stdout.readline().split()[1])
            timer = threading.Timer(0.01 + rng.random() * 0.15, os.kill, (child, signal.SIGKILL))
            edit_until_dead(port, saved, timer, rng)
            assert server.stdout.readline() == "killed\n"
            check(folder / NAME, saved)
    finally:
        server.stdin.close()
        server.wait(10)
        server.stdout.close()
    assert len(saved) > KILLS


def edit_until_dead(port, saved, timer, rng):
    """Edits one after the other; the time to live runs from the first answer on."""
    page = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    revisions = {}
    try:
        for i in range(10_000):
            number = rng.choice([1, 2])
            if number not in revisions:
                revisions[number] = json.loads(ask(page, port, "GET", f"/frames/{number}"))["rev"]
            name, mask = str(uuid.uuid4()), run_mask(np.ones((2, 2), bool), rng.randrange(30), rng.randrange(30))
            body = {"op": "create", "uuid": name, "mask": mask, "seeds": []}
            answer = json.loads(ask(page, port, "POST", f"/frames/{number}/targets", body, revisions[number]))
            saved[name] = answer["target"]["row"], answer["target"]["col"]
            revisions[number] = answer["rev"]
            if i == 0:
                timer.start()
    except (OSError, http.client.HTTPException):
        return
    finally:
        page.close()


def ask(page, port, method, path, body=None, rev=0):
    headers = HEADERS | {"cookie": f"glimt-{port}=secret", "if-match": f'"{rev}"', "idempotency-key": uuid.uuid4().hex}
    page.request(method, f"/api/v1{path}", json.dumps(body) if body else None, headers)
    answer = page.getresponse()
    text = answer.read()
    assert answer.status in (200, 201), text
    return text


def check(database, saved):
    db = sqlite3.connect(database)
    try:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        kept = {uuid: (row, col) for uuid, row, col in db.execute('SELECT uuid, "row", col FROM target')}
    finally:
        db.close()
    assert all(kept[name] == place for name, place in saved.items())
