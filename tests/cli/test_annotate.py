"""`glimt annotate` as a person starts it, and `glimt convert` on what it leaves."""

import json
import re
import signal
import urllib.error

import cv2
import pytest
from served import asked, start


@pytest.fixture
def started():
    running = []

    def run(*arguments):
        running.append(start(*arguments))
        return running[-1].process, running[-1].said, running[-1].address

    yield run
    for one in running:
        one.kill()


def test_clicks_are_drawn_reviewed_and_converted(started, small, tmp_path, glimt):
    (tmp_path / "points.csv").write_text("image,row,col\nf0,12,14\nf1,25,30\n")
    process, said, address = started(small, "--points", tmp_path / "points.csv", "--user", "ann")
    assert "2 targets of 2 frames came in, 2 of them were drawn by fuse" in said
    assert re.search(r"http://127\.0\.0\.1:\d+/\?token=\S{32}", said)
    items = asked(address, "/queue/next?mode=review&limit=9")["items"]
    assert len(items) == 2
    first = next(one for one in items if asked(address, f"/frames/{one['frame']}")["name"] == "f0")
    headers = {"if-match": '"2"', "idempotency-key": "k"}
    done = asked(address, f"/targets/{first['target']}", "PUT", {"op": "accept", "status": "accepted"}, **headers)
    assert (done["target"]["status"], done["target"]["by"]) == ("accepted", "ann")
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0
    assert "everything is in" in process.stderr.read()
    seen = glimt("convert", small / "project.glimt.db", tmp_path / "out", "--to", "png", "--json")
    assert (seen.code, json.loads(seen.out)["targets"]) == (0, 1)
    mask = cv2.imread(str(tmp_path / "out/masks/f0.png"), cv2.IMREAD_UNCHANGED)
    assert (mask > 0).sum() == done["target"]["area"]


def test_a_project_s_file_kept_elsewhere_knows_its_frames(started, small, tmp_path, glimt):
    database = tmp_path / "elsewhere.glimt.db"
    process, _, address = started(small, "--database", database)
    headers = {"if-match": '"0"', "idempotency-key": "k"}
    asked(address, "/frames/1", "PUT", {"verdict": "done"}, **headers)
    process.send_signal(signal.SIGINT)
    process.wait(20)
    assert not (small / "project.glimt.db").exists()
    assert glimt("convert", database, tmp_path / "out", "--to", "coco").code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--labeler", "magic"], "no labeler 'magic' to begin with; offered: box, fuse"),
        (["--port", "1", "--host", "203.0.113.9"], "cannot listen on 203.0.113.9, port 1"),
        (["--readonly"], "open it once without --readonly"),
        (["--points", "nowhere.csv"], "nowhere.csv"),
    ],
)
def test_what_cannot_be_served_is_told_in_one_line(glimt, small, arguments, message):
    seen = glimt("annotate", small, "--no-browser", *arguments)
    assert seen.code == 2
    assert message in seen.err
    assert len(seen.err.strip().splitlines()) == 1


def test_looking_only_writes_nothing(started, small, glimt):
    process, _, _ = started(small)
    process.send_signal(signal.SIGINT)
    process.wait(20)
    before = (small / "project.glimt.db").read_bytes()
    _, _, address = started(small, "--readonly")
    assert asked(address, "/project")["readonly"] is True
    headers = {"if-match": '"0"', "idempotency-key": "k"}
    with pytest.raises(urllib.error.HTTPError, match="403"):
        asked(address, "/frames/1", "PUT", {"verdict": "done"}, **headers)
    assert (small / "project.glimt.db").read_bytes() == before
    assert glimt("annotate", small, "--readonly", "--points", small / "points.csv", "--no-browser").code == 2
