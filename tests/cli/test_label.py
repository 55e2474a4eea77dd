"""`glimt label` from files to files, and every way to get it wrong."""

import csv
import json
import shutil

import cv2
import numpy as np
import pytest

from glimt.core.files import write_png
from glimt.core.frames import read_mask


def rows_in(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_masks_and_table_of_a_16_bit_dataset(glimt, small, tmp_path):
    out = tmp_path / "labels"
    done = glimt("label", small, small / "points.csv", out, "--json")
    assert done.code == 0
    summary = json.loads(done.out)
    assert (summary["frames"], summary["targets"], summary["median_area"]) == (3, 3, 21)
    for i in range(3):
        assert np.array_equal(read_mask(out / "masks" / f"f{i}.png"), read_mask(small / "masks" / f"f{i}.png"))
    assert [row["area"] for row in rows_in(out / "labels.csv")] == ["21"] * 3


def test_a_split_is_labelled_alone(glimt, small, tmp_path):
    assert glimt("label", small, small / "points.csv", tmp_path / "out", "--split", "test").code == 0
    assert [path.name for path in (tmp_path / "out" / "masks").iterdir()] == ["f2.png"]


def test_a_plain_folder_and_an_overlay(glimt, small, tmp_path):
    done = glimt("label", small / "images", small / "points.csv", tmp_path / "out", "--overlays", "--review", 2)
    assert done.code == 0
    assert "Look at these first" in done.out
    assert cv2.imread(str(tmp_path / "out" / "overlays" / "f1.png")).shape[:2] >= (40, 50)


def test_raw_frames_need_their_form(glimt, small, tmp_path):
    frames = tmp_path / "raw"
    frames.mkdir()
    for path in (small / "images").iterdir():
        cv2.imread(str(path), -1).astype("<u2").tofile(frames / f"{path.stem}.raw")
    done = glimt("label", frames, small / "points.csv", tmp_path / "out", "--raw", "uint16:40x50")
    assert done.code == 0
    assert read_mask(tmp_path / "out" / "masks" / "f0.png").sum() == 21
    wrong = glimt("label", frames, small / "points.csv", tmp_path / "other", "--raw", "uint16:40x51")
    assert (wrong.code, "4080" in wrong.err, "4000" in wrong.err) == (2, True, True)


def test_the_pages_of_a_tiff_are_frames(glimt, small, tmp_path):
    tifffile = pytest.importorskip("tifffile", reason="the extra glimt[video] is not installed")
    pages = [cv2.imread(str(small / "images" / f"f{i}.png"), -1) for i in range(3)]
    tifffile.imwrite(tmp_path / "clip.tiff", np.stack(pages), photometric="minisblack")
    (tmp_path / "clicks.csv").write_text("image,row,col\nclip/000002,20,40\n")
    done = glimt("label", tmp_path / "clip.tiff", tmp_path / "clicks.csv", tmp_path / "out")
    assert done.code == 0, done.err
    assert np.array_equal(
        read_mask(tmp_path / "out" / "masks" / "clip" / "000002.png"), read_mask(small / "masks" / "f2.png")
    )


def test_a_stopped_run_with_moved_clicks_starts_anew(glimt, small, tmp_path):
    out = tmp_path / "out"
    assert glimt("label", small, small / "points.csv", out).code == 0
    (out / ".journal.jsonl").write_text("")  # as if it had been stopped
    assert glimt("label", small, small / "points.csv", out).code == 0
    (out / ".journal.jsonl").write_text("")
    (small / "points.csv").write_text((small / "points.csv").read_text().replace("f0,12,14", "f0,12,15"))
    done = glimt("label", small, small / "points.csv", out)
    assert (done.code, "--overwrite" in done.err) == (2, True)


def test_clicks_of_another_dataset_show_both_ways_of_naming(glimt, small, tmp_path):
    (small / "points.csv").write_text("image,row,col\nXDU1,3,3\n")
    done = glimt("label", small, small / "points.csv", tmp_path / "out")
    assert (done.code, "'XDU1'" in done.err, "'f0'" in done.err) == (2, True, True)


def test_calibration_takes_tau_from_reviewed_masks(glimt, small, tmp_path):
    """Masks twice as wide as the disk cannot be had at any level, so no tau gains the margin and none is taken."""
    done = glimt("label", small, small / "points.csv", tmp_path / "out", "--calibrate", small / "masks", "--json")
    assert done.code == 0
    assert "calibrated on 3 reviewed masks: no tau" in done.err
    assert json.loads(done.out)["options"] == {}


def spoil_frame(content):
    return lambda root: (root / "images" / "f1.png").write_bytes(content((root / "images" / "f1.png").read_bytes()))


def add_line(line):
    return lambda root: (root / "points.csv").write_text((root / "points.csv").read_text() + line + "\n")


def no_frames(root):
    shutil.rmtree(root / "images")
    (root / "images").mkdir()


def nan_frame(root):
    (root / "images" / "f1.png").unlink()
    cv2.imwrite(str(root / "images" / "f1.tiff"), np.full((40, 50), np.nan, np.float32))


DAMAGE = {
    "missing frame": add_line("f9,3,3"),
    "truncated frame": spoil_frame(lambda whole: whole[:200]),
    "unreadable frame": spoil_frame(lambda whole: b"no picture"),
    "point outside": add_line("f1,40,3"),
    "duplicate point": add_line("f1,25,30"),
    "not a number": add_line("f1,x,30"),
    "no column": lambda root: (root / "points.csv").write_text("image,x,y\nf0,1,2\n"),
    "no frames": no_frames,
    "nan frame": nan_frame,
}


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("missing frame", ["f9"]),
        ("truncated frame", ["f1.png"]),
        ("unreadable frame", ["f1.png"]),
        ("point outside", ["f1", "row 40", "40 rows x 50 cols"]),
        ("duplicate point", ["f1", "25"]),
        ("not a number", ["points.csv", "x"]),
        ("no column", ["points.csv", "row"]),
        ("no frames", ["small"]),
        ("nan frame", ["f1.tiff"]),
    ],
)
def test_bad_input_is_one_line_and_code_two(glimt, small, tmp_path, kind, words):
    DAMAGE[kind](small)
    done = glimt("label", small, small / "points.csv", tmp_path / "out")
    assert done.code == 2
    lines = [line for line in done.err.splitlines() if line.startswith("error:")]
    assert len(lines) == 1
    assert all(word in lines[0] for word in words), lines[0]
    assert not (tmp_path / "out" / "labels.csv").exists()


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        (["--labeler", "fuze"], "did you mean 'fuse'"),
        (["--layout", "basicirst"], "did you mean 'basicirstd'"),
        (["--split", "trian_small"], "train_small"),
        (["--set", "tau=2"], "between 0 and 1"),
        (["--set", "tau"], "key=value"),
        (["--labeler", "pmg", "--calibrate", "."], "fuse"),
    ],
)
def test_a_wrong_name_gets_a_suggestion(glimt, small, tmp_path, extra, words):
    done = glimt("label", small, small / "points.csv", tmp_path / "out", *extra)
    assert (done.code, words in done.err) == (2, True), done.err


def test_output_that_exists_needs_overwrite(glimt, small, tmp_path):
    out = tmp_path / "out"
    assert glimt("label", small, small / "points.csv", out).code == 0
    again = glimt("label", small, small / "points.csv", out)
    assert (again.code, "--overwrite" in again.err) == (2, True)
    assert glimt("label", small, small / "points.csv", out, "--overwrite", "--labeler", "box").code == 0


def test_an_output_that_cannot_be_made_is_one_line(glimt, small, tmp_path):
    (tmp_path / "file").write_text("in the way")
    done = glimt("label", small, small / "points.csv", tmp_path / "file" / "out")
    assert (done.code, done.err.count("error:")) == (2, 1), done.err


def test_one_frame_of_a_hundred_megapixels_is_labelled_in_bounded_memory(tmp_path):
    """The peak over the frame itself (float32) stays below six times the frame: levels, instances, and slack."""
    import tracemalloc

    from glimt.labelers.fuse import Fuse

    image = np.full((2000, 2500), 0.25, np.float32)
    image[1000:1003, 1200:1203] = 0.5
    tracemalloc.start()
    mask = Fuse()(image, np.array([[1001.0, 1201.0]])) > 0
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert mask.sum() == 9
    assert peak < 6 * image.nbytes


def test_a_mask_of_another_size_than_its_frame_names_both(glimt, small, tmp_path):
    write_png(small / "masks" / "f0.png", np.zeros((40, 49), np.uint8))
    done = glimt("bench", "labels", small, "--labelers", "box")
    assert (done.code, "(40, 49)" in done.err, "(40, 50)" in done.err) == (2, True, True)
