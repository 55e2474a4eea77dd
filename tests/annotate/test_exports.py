"""Labels out and in. The oracle of a round trip is the project it began with, pixel by pixel."""

import hashlib
import json
import warnings
import zipfile

import cv2
import numpy as np
import pytest
from annotate.projects import SHAPE, a_draft, by, frame, square, write_frames
from pycocotools.coco import COCO

from glimt.annotate import gestures
from glimt.annotate.exports import export, zip_folder
from glimt.annotate.history import undo
from glimt.annotate.imports import Imported, import_dataset, import_files
from glimt.annotate.masks import boxed, read_mask_text
from glimt.annotate.project import open_project
from glimt.annotate.service import place
from glimt.annotate.store import frame_of, targets_on
from glimt.core.errors import DataError, OutputError
from glimt.data.points import read_points

FRAMES = {
    "a/8bit": frame([(10, 10, 3000)], dtype=np.uint8),
    "a/16bit": frame([(10, 10, 3000), (30, 40, -3000)]),
    "b/empty": frame(seed=2),
    "b/tiny": frame(seed=3, shape=(5, 5)),
    "b/wide": frame(seed=4, shape=(51, 64)),
    "b/later": frame(seed=5),
}


def corner():
    pixels = np.zeros((51, 64), bool)
    pixels[49:51, 60:64] = True
    pixels[48, 63] = True
    return boxed(pixels)


def labelled(root, order=1):
    """A project with every kind of target; the last frame has nothing but a candidate and a rejected one."""
    project = open_project(write_frames(root, FRAMES))
    drafts = {
        "a/8bit": [a_draft(10, 10)],
        "a/16bit": [a_draft(10, 10), a_draft(30, 40, mask=square(28, 39, 4))],
        "b/tiny": [a_draft(4, 4, mask=square(4, 4, 1))],
        "b/wide": [a_draft(50, 62, mask=corner())],
    }
    for id in list(drafts)[::order]:
        for draft in drafts[id][::order]:
            answer = place(project, id, [draft], by())
            gestures.judge(project.store, draft.uuid, "accepted", answer.revision, by())
    place(project, "b/later", [a_draft(), a_draft(20, 20, status="rejected")], by())
    gestures.finish(project.store, "b/empty", "done", 0, by())
    return project


def pixels_of(project):
    found = {}
    for id, shown in FRAMES.items():
        masks = [one.mask.within(shown.shape) for one in targets_on(project.store, id) if one.status == "accepted"]
        found[id] = np.logical_or.reduce(masks) if masks else np.zeros(shown.shape, bool)
    return found


def digest(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_house_s_files_hold_what_was_accepted_and_what_is_known_to_be_empty(tmp_path):
    project = labelled(tmp_path / "set")
    done = export(project, tmp_path / "out")
    assert (done.frames, done.targets) == (5, 5)
    assert not (tmp_path / "out/masks/b/later.png").exists()
    for id, mask in pixels_of(project).items():
        if id != "b/later":
            written = cv2.imread(str(tmp_path / f"out/masks/{id}.png"), cv2.IMREAD_UNCHANGED)
            assert np.array_equal(written, mask * np.uint8(255))
    clicks = {id: points.tolist() for id, points in read_points(tmp_path / "out/points.csv").items()}
    assert clicks == {"a/8bit": [[10, 10]], "a/16bit": [[10, 10], [30, 40]], "b/tiny": [[4, 4]], "b/wide": [[50, 62]]}
    project.close()


@pytest.mark.parametrize("to", ["glimt", "coco", "yolo", "voc", "labelme", "png", "points"])
def test_equal_labels_are_equal_bytes_whoever_made_them_in_whatever_order(tmp_path, to):
    (tmp_path / "two").mkdir()
    first, second = labelled(tmp_path / "one/set"), labelled(tmp_path / "two/set", order=-1)
    export(first, tmp_path / "one/out", to)
    export(second, tmp_path / "two/out", to)
    assert digest(tmp_path / "one/out") == digest(tmp_path / "two/out")
    for name in ("one", "two"):
        zip_folder(tmp_path / name / "out", tmp_path / f"{name}.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as packed:
        assert packed.testzip() is None
        assert not [name for name in packed.namelist() if name.startswith(".")]
    first.close()
    second.close()


@pytest.mark.parametrize("to", ["glimt", "coco", "png"])
def test_what_was_exported_comes_back_bit_by_bit_into_an_empty_project(tmp_path, to):
    project = labelled(tmp_path / "set")
    export(project, tmp_path / "out", to)
    again = open_project(write_frames(tmp_path / "again", FRAMES))
    if to == "glimt":
        came = import_files(again, "ann", tmp_path / "out/points.csv", tmp_path / "out/masks", "accepted")
    else:
        came = import_dataset(again, "ann", tmp_path / "out", "accepted")
    assert came == Imported(5, 5, 0)
    there = pixels_of(again)
    assert all(np.array_equal(there[id], mask) for id, mask in pixels_of(project).items())
    assert frame_of(again.store, "b/empty").verdict == "done"
    export(again, tmp_path / "twice", to)
    once, twice = digest(tmp_path / "out"), digest(tmp_path / "twice")
    moved = {name for name in once if once[name] != twice.pop(name)}
    assert moved <= ({"masks_points/b/wide.png"} if to == "png" else set())  # PNG masks come back without their clicks
    assert not twice
    project.close()
    again.close()


def test_coco_opens_with_pycocotools(tmp_path):
    project = labelled(tmp_path / "set")
    export(project, tmp_path / "out", "coco")
    (file,) = (tmp_path / "out/annotations").iterdir()
    coco = COCO(str(file))
    names = {image["file_name"]: image["id"] for image in coco.dataset["images"]}
    (wide,) = coco.loadAnns(coco.getAnnIds(names["b/wide.png"]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # pycocotools with NumPy 2
        assert np.array_equal(coco.annToMask(wide).astype(bool), corner().within((51, 64)))
    assert json.loads(file.read_text())["annotations"][0]["keypoints"][2] == 2
    project.close()


def test_clicks_come_in_as_candidates_without_a_mask_once(project, tmp_path):
    (tmp_path / "points.csv").write_text("image,row,col\n000,10,10\n000,20,30.5\n002,1,2\n")
    gestures.finish(project.store, "002", "flagged", 0, by())
    assert import_files(project, "ann", tmp_path / "points.csv") == Imported(1, 2, 1)
    found = targets_on(project.store, "000")
    assert [(one.seeds, one.mask, one.status, one.source) for one in found] == [
        (((10.0, 10.0),), None, "candidate", "import"),
        (((20.0, 30.5),), None, "candidate", "import"),
    ]
    assert import_files(project, "ann", tmp_path / "points.csv") == Imported(0, 0, 2)
    assert undo(project.store, "000", by("ann")).kind == "undo"
    assert targets_on(project.store, "000") == ()


def test_an_import_that_does_not_fit_leaves_the_project_as_it_was(project, tmp_path):
    (tmp_path / "points.csv").write_text("image,row,col\n000,10,10\n001,10,99\n")
    with pytest.raises(DataError, match="001"):
        import_files(project, "ann", tmp_path / "points.csv")
    (tmp_path / "points.csv").write_text("image,row,col\nother,10,10\n")
    with pytest.raises(DataError, match="other"):
        import_files(project, "ann", tmp_path / "points.csv")
    assert project.store.db.execute("SELECT COUNT(*) FROM op").fetchone()[0] == 0


def test_only_the_wanted_statuses_are_exported_and_an_empty_project_says_so(project, tmp_path):
    with pytest.raises(DataError, match="nothing to export"):
        export(project, tmp_path / "out")
    place(project, "000", [a_draft()], by())
    with pytest.raises(DataError, match="no target accepted"):
        export(project, tmp_path / "out")
    assert export(project, tmp_path / "out", statuses=("accepted", "candidate")).targets == 1
    with pytest.raises(OutputError, match="overlaps"):
        export(project, project.root / "out", statuses=("candidate",))


def test_targets_with_and_without_a_mask_on_one_frame_are_refused(project, tmp_path):
    place(project, "000", [a_draft(status="accepted"), a_draft(20, 20, mask=None, status="accepted")], by())
    with pytest.raises(DataError, match="000: 1 of 2 targets have a mask"):
        export(project, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_clicks_alone_are_exported_as_points(project, tmp_path):
    place(project, "000", [a_draft(20, 20.5, mask=None, status="accepted")], by())
    assert export(project, tmp_path / "out").files == 1
    assert (tmp_path / "out/points.csv").read_text() == "image,row,col\n000,20,20.5\n"
    with pytest.raises(DataError, match="only points are known"):
        export(project, tmp_path / "png", "png")


@pytest.mark.parametrize("seed", range(5))
def test_a_mask_s_text_gives_back_its_pixels_in_the_tightest_box(seed):
    pixels = np.random.default_rng(seed).random(SHAPE) < 0.02
    mask = boxed(pixels)
    assert np.array_equal(mask.within(SHAPE), pixels)
    top, left, bottom, right = mask.box
    assert pixels[top].any()
    assert pixels[bottom - 1].any()
    assert pixels[:, left].any()
    assert pixels[:, right - 1].any()
    assert read_mask_text((0, 0, *SHAPE), boxed_whole(pixels), SHAPE) == mask


def boxed_whole(pixels):
    flat = pixels.T.ravel().astype(int)
    edges = np.flatnonzero(np.diff(np.r_[0, flat, 1 - flat[-1]]))
    return np.diff(np.r_[0, edges]).tolist()


@pytest.mark.parametrize(
    ("box", "counts", "message"),
    [
        ((0, 0, 3, 3), [4, 4], "add up to 8"),
        ((0, 0, 3, 3), "09~~", "is no character"),
        ((0, 0, 41, 3), [123], "does not fit the frame"),
        ((3, 3, 3, 5), [0], "does not fit the frame"),
    ],
)
def test_a_mask_that_does_not_fit_is_refused(box, counts, message):
    with pytest.raises(DataError, match=message):
        read_mask_text(box, counts, SHAPE)


def test_a_mask_without_a_pixel_is_none():
    assert read_mask_text((0, 0, 2, 2), [4], SHAPE) is None
