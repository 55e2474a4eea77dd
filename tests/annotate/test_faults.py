"""What disks, other programs and other processes do to a project."""

import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from annotate.projects import a_draft, by, write_frames

from glimt.annotate import schema
from glimt.annotate.backups import backups_of
from glimt.annotate.gestures import judge
from glimt.annotate.project import NAME, Options, open_frame, open_project
from glimt.annotate.service import place
from glimt.annotate.store import frame_of, open_store, targets_on
from glimt.annotate.values import Answer, Conflict
from glimt.core.errors import DataError, OutputError

EDITOR = Path(__file__).with_name("editor.py")


def test_a_full_disk_gives_one_line_and_loses_nothing(project):
    kept = place(project, "000", [a_draft()], by()).targets
    db = project.store.db
    (pages,) = db.execute("PRAGMA page_count").fetchone()
    db.execute(f"PRAGMA max_page_count = {pages}")
    saved, refused = 0, None
    for _ in range(200):
        try:
            place(project, "001", [a_draft(reason="x" * 900)], by())
            saved += 1
        except OutputError as error:
            refused = str(error)
            break
    assert refused is not None
    assert "\n" not in refused
    assert "database or disk is full; what was saved before is kept" in refused
    assert targets_on(project.store, "000") == kept
    assert (len(targets_on(project.store, "001")), frame_of(project.store, "001").revision) == (saved, saved)
    db.execute("PRAGMA max_page_count = 1000000")
    assert isinstance(place(project, "001", [a_draft()], by()), Answer)
    assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_a_readonly_project_is_read_and_refuses_every_change(project, folder):
    kept = place(project, "000", [a_draft()], by()).targets
    project.close()
    looked = open_project(folder, Options(readonly=True))
    assert targets_on(looked.store, "000") == kept
    assert open_frame(looked, "001").image.shape == (40, 48)
    with pytest.raises(OutputError, match="readonly database"):
        place(looked, "000", [a_draft(20, 20)], by())
    assert targets_on(looked.store, "000") == kept
    looked.close()


def test_a_readonly_project_must_be_there(folder):
    with pytest.raises(DataError, match=r"no project .* to look at"):
        open_project(folder, Options(readonly=True))
    assert not (folder / NAME).exists()


def test_a_newer_version_is_refused(project, folder):
    project.store.db.execute("PRAGMA user_version = 99")
    project.close()
    with pytest.raises(DataError, match=rf"version 99, this Glimt knows {len(schema.STEPS)}; update Glimt"):
        open_project(folder)


def test_another_program_s_database_is_refused(folder):
    import sqlite3

    db = sqlite3.connect(folder / NAME)
    db.execute("CREATE TABLE recipes (name TEXT)")
    db.commit()
    db.close()
    with pytest.raises(DataError, match="a database, but no project of Glimt"):
        open_project(folder)


def test_a_damaged_file_is_refused_with_its_newest_backup_which_opens(project, folder):
    kept = place(project, "000", [a_draft()], by()).targets
    project.close()
    path = folder / NAME
    open_project(folder).close()  # the day's first opening with work in it makes a copy
    (copy,) = backups_of(path)
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    with pytest.raises(DataError, match=r"is damaged .*put its newest backup .*\.bak in its place") as caught:
        open_project(folder)
    assert str(copy) in str(caught.value)
    shutil.copy(copy, path)
    again = open_project(folder)
    assert targets_on(again.store, "000") == kept
    again.close()


def test_a_page_that_was_overwritten_is_noticed_and_so_is_a_missing_backup(project, folder):
    for _ in range(30):
        place(project, "000", [a_draft()], by())
    project.close()
    path = folder / NAME
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 12] = bytes(4096 * 9)
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"is damaged .*there is no backup"):
        open_project(folder)


def test_new_tables_come_after_a_backup_and_keep_what_was_there(project, folder, monkeypatch):
    kept = place(project, "000", [a_draft()], by()).targets
    project.close()
    added = "CREATE TABLE note (text TEXT) STRICT; INSERT INTO note VALUES ('new')"
    monkeypatch.setattr("glimt.annotate.database.STEPS", (*schema.STEPS, added))
    with pytest.raises(DataError, match="must become 2; open it without --readonly"):
        open_project(folder, Options(readonly=True))
    again = open_project(folder)
    assert targets_on(again.store, "000") == kept
    assert again.store.db.execute("SELECT text FROM note").fetchone()[0] == "new"
    again.close()
    monkeypatch.undo()
    old = folder / f"{NAME}.version1.bak"
    assert old in backups_of(folder / NAME)
    store = open_store(old)
    assert targets_on(store, "000") == kept
    store.close()


def test_a_step_that_fails_leaves_the_old_version(project, folder, monkeypatch):
    project.close()
    monkeypatch.setattr("glimt.annotate.database.STEPS", (*schema.STEPS, "CREATE TABLE note (text TEXT); NONSENSE"))
    with pytest.raises(OutputError, match="syntax error"):
        open_project(folder)
    monkeypatch.undo()
    again = open_project(folder)
    names = {name for (name,) in again.store.db.execute("SELECT name FROM sqlite_master")}
    assert "note" not in names
    again.close()


def test_of_two_who_change_one_target_one_gets_a_conflict_and_both_can_add(project, folder):
    other = open_project(folder)
    target = place(project, "000", [a_draft()], by("ann")).targets[0]
    answers = []

    def accept(one, user):
        answers.append(judge(one.store, target.uuid, "accepted", 1, by(user)))

    threads = [threading.Thread(target=accept, args=pair) for pair in ((project, "ann"), (other, "bob"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(answer).__name__ for answer in answers) == ["Answer", "Conflict"]
    assert next(one for one in answers if isinstance(one, Conflict)).targets[0].revision == 2
    place(other, "000", [a_draft(20, 20)], by("bob"))
    place(project, "000", [a_draft(30, 30)], by("ann"))
    assert len(targets_on(project.store, "000")) == 3
    assert targets_on(project.store, "000") == targets_on(other.store, "000")
    other.close()


def test_two_processes_write_one_project_at_a_time(tmp_path):
    from annotate.projects import frame

    folder = write_frames(tmp_path, {"a": frame(), "b": frame()})
    command = [sys.executable, str(EDITOR), "write", str(folder / NAME), "40"]
    opened = open_project(folder)
    children = [subprocess.Popen([*command, user], stdout=subprocess.PIPE, text=True) for user in ("ann", "bob")]
    outputs = [child.communicate()[0] for child in children]
    assert [child.returncode for child in children] == [0, 0]
    assert all(len(output.split()) == 40 for output in outputs)
    (done,) = opened.store.db.execute("SELECT COUNT(*) FROM op").fetchone()
    assert done == 80
    assert sum(frame_of(opened.store, id).revision for id in "ab") == 80
    opened.close()
