"""Pictures, exports and imports as the page gets them."""

import io
import sqlite3
import time
import zipfile

import cv2
import numpy as np
import pytest
from annotate.projects import SHAPE, frame, write_frames
from annotate.web.caller import Caller, pixels_of
from annotate.web.conftest import desk_on


def numbers(answer, shape=SHAPE):
    return np.frombuffer(answer.content, "<u2").reshape(shape)


def exported(web, **wished):
    job = web.client.post("/api/v1/exports", json=wished).json()["job"]
    for _ in range(500):
        state = web.get(f"/jobs/{job}").json()
        if state["state"] != "running":
            return state
        time.sleep(0.01)
    raise AssertionError("the export does not end")


def files_in(web, url):
    answer = web.client.get(url)
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(answer.content))


def test_the_page_sees_the_very_numbers_of_the_file(web, folder):
    answer = web.get("/frames/1/raw")
    stored = cv2.imread(str(folder / "a/000.png"), cv2.IMREAD_UNCHANGED)
    assert np.array_equal(numbers(answer), stored)
    again = web.client.get("/api/v1/frames/1/raw", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    cv2.imwrite(str(folder / "a/000.png"), stored + 1)
    fresh = web.client.get("/api/v1/frames/1/raw", headers={"if-none-match": answer.headers["etag"]})
    assert np.array_equal(numbers(fresh), stored + 1)


def test_eight_bits_stay_as_they_are(tmp_path):
    pixels = frame(dtype=np.uint8)
    desk = desk_on(write_frames(tmp_path, {"one": pixels}))
    web = Caller(desk)
    assert np.array_equal(numbers(web.get("/frames/1/raw")), pixels)
    assert web.frame()["bits"] == 8
    desk.close()


def test_a_faint_target_on_a_steep_slope_shows_with_local_contrast(tmp_path):
    """By hand: 40 counts on a slope of 3000 are 1.3 % of the window, and less than the slope between its neighbours."""
    rng = np.random.default_rng(0)
    pixels = 6000 + rng.normal(0, 4, (128, 160)) + np.linspace(0, 3000, 160)
    pixels[60:63, 80:83] += 40
    desk = desk_on(write_frames(tmp_path, {"one": pixels.astype(np.uint16)}))
    web = Caller(desk)

    def contrast(enhance):
        shown = numbers(web.get("/frames/1/raw", enhance=enhance), (128, 160)).astype(float)
        ring = np.r_[shown[50:57, 76:87].ravel(), shown[66:73, 76:87].ravel()]
        return (shown[60:63, 80:83].mean() - ring.mean()) / ring.std()

    assert contrast("none") < 1
    assert contrast("local") > 3
    shown = numbers(web.get("/frames/1/raw", enhance="local"), (128, 160)).astype(float)
    assert (
        abs(shown[:, :8].mean() - shown[:, 40:120].mean()) < 0.3 * shown[:, 40:120].std()
    )  # nor does its edge stand out
    desk.close()


def test_clahe_widens_what_lies_in_few_levels(tmp_path):
    """A dark half and a bright one, each 8 counts wide: CLAHE gives both more of the range than the 2 % they have."""
    pixels = np.random.default_rng(0).integers(0, 8, (64, 64)).astype(np.uint16) + 1000
    pixels[:, 32:] += 400
    desk = desk_on(write_frames(tmp_path, {"one": pixels}))
    shown = numbers(Caller(desk).get("/frames/1/raw", enhance="clahe"), (64, 64)).astype(float)
    for half in (shown[:, :24], shown[:, 40:]):
        assert np.ptp(half) > 5 * 8 / 408 * 65535
    desk.close()


def test_a_small_picture_is_small_and_leaves_the_open_frames_open(web, desk):
    web.frame(2)
    kept = list(desk.project.frames.kept)
    thumb = cv2.imdecode(np.frombuffer(web.get("/frames/1/thumb").content, np.uint8), cv2.IMREAD_UNCHANGED)
    assert thumb.shape == SHAPE
    assert (thumb.min(), thumb.max()) == (0, 255)
    assert list(desk.project.frames.kept) == kept


def test_a_frame_that_cannot_be_read_is_shown_as_such_and_work_goes_on(web, folder):
    (folder / "a/001.png").write_bytes(b"no picture")
    broken = web.frame(2)
    assert (broken["height"], broken["targets"]) == (0, [])
    assert "a/001.png" in broken["error"]
    assert web.get("/frames/2/raw").status_code == 422
    assert web.get("/frames/2/thumb").status_code == 422
    assert web.propose(2).status_code == 422
    assert web.add(3, 10, 14).status_code == 201


def damaged_zip():
    """One whose packed bytes are no deflate stream, though its directory is whole."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("masks/a.png", b"0123456789" * 50)
    whole = bytearray(file.getvalue())
    start = whole.index(b"masks/a.png") + len("masks/a.png")
    whole[start : start + 8] = b"\xff" * 8
    return bytes(whole)


def marked_zip(at, value):
    """One in whose entry's header, and in the directory's copy of it, a field has been overwritten."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("masks/a.png", b"0123456789")
    whole = bytearray(file.getvalue())
    for start, beyond in ((whole.index(b"PK\3\4"), 6), (whole.index(b"PK\1\2"), 8)):
        whole[start + beyond + at : start + beyond + at + 2] = value.to_bytes(2, "little")
    return bytes(whole)


ENCRYPTED, UNKNOWN_WAY = marked_zip(at=0, value=1), marked_zip(at=2, value=77)  # flags, then the compression


@pytest.mark.parametrize("format", ["glimt", "coco"])
def test_what_is_exported_comes_back_into_an_empty_project(web, tmp_path, format, folder):
    target = web.add().json()["target"]
    web.send("PUT", "/frames/1", {"verdict": "done"}, 1)
    state = exported(web, format=format)
    packed = files_in(web, state["result"]["url"])
    other = Caller(desk_on(write_frames(tmp_path / "other", {"a/000": frame([(10, 10, 3000)]), "a/001": frame()})))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as again:
        for name in packed.namelist():
            again.writestr(name, packed.read(name))
    headers = {"idempotency-key": "k"}
    done = other.client.post("/api/v1/imports?name=back.zip", content=file.getvalue(), headers=headers)
    assert done.json() == {"frames": 1, "targets": 1, "kept": 0}, done.text
    (back,) = other.frame(1)["targets"]
    assert np.array_equal(pixels_of(back["mask"], SHAPE), pixels_of(target["mask"], SHAPE))
    assert (back["source"], back["generator"]) == ("import", None)
    other.desk.close()


def test_an_export_of_nothing_says_so(web):
    state = exported(web, format="coco")
    assert (state["state"], state["result"]) == ("failed", None)
    assert "nothing to export" in state["error"]
    assert web.client.post("/api/v1/exports", json={"format": "word"}).status_code == 422
    assert web.get("/jobs/none").status_code == 404


def test_clicks_come_in_from_a_table(web):
    body = b"image,row,col\na/001,10,12\na/002,10,14\n"
    headers = {"idempotency-key": "k"}
    done = web.client.post("/api/v1/imports?name=points.csv", content=body, headers=headers)
    assert done.json() == {"frames": 2, "targets": 2, "kept": 0}
    (target,) = web.frame(2)["targets"]
    assert (target["mask"]["counts"], target["row"], target["col"], target["radius"]) == ([], 10, 12, None)


@pytest.mark.parametrize(
    ("name", "body", "word"),
    [
        ("points.csv", b"image,row,col\nnope,1,1\n", "nope"),
        ("points.xlsx", b"x", "give a .csv or a .zip"),
        ("masks.zip", b"x", "no zip that can be read"),
        ("masks.zip", damaged_zip(), "no zip that can be read"),
        ("masks.zip", ENCRYPTED, "'masks/a.png' is encrypted; pack it without a password"),
        ("masks.zip", UNKNOWN_WAY, "no zip that can be read"),
        ("a.\0csv", b"x", "give a .csv or a .zip"),
    ],
)
def test_a_file_that_cannot_come_in_is_refused(web, name, body, word):
    answer = web.client.post("/api/v1/imports", params={"name": name}, content=body, headers={"idempotency-key": "k"})
    assert answer.status_code == 422
    assert word in answer.json()["error"]
    assert not list(web.desk.folder.iterdir())


def test_a_zip_cannot_write_outside_its_folder(web, tmp_path):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("../../../outside.txt", "x")
    headers = {"idempotency-key": "k"}
    answer = web.client.post("/api/v1/imports?name=masks.zip", content=file.getvalue(), headers=headers)
    assert "names a place outside" in answer.json()["error"]
    assert not (web.desk.folder.parent / "outside.txt").exists()


def test_a_full_disk_is_told_and_what_was_saved_stays(web, desk):
    web.add()
    size = desk.project.store.db.execute("PRAGMA page_count").fetchone()[0]
    desk.project.store.db.execute(f"PRAGMA max_page_count = {size}")
    codes = {web.add(3, 10, 14, rev=i).status_code for i in range(40)}
    assert 507 in codes
    assert len(web.frame()["targets"]) == 1
    desk.project.store.db.execute("PRAGMA max_page_count = 1000000")
    assert web.add(4, 10, 16).status_code == 201
    with sqlite3.connect(desk.project.store.path) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()
