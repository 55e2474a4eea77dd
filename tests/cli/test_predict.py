"""`glimt predict` from files to files, and every way to get it wrong; the network's answers are known by hand."""

import csv
import json

import cv2
import numpy as np
import pytest
from bright_network import write_bright

from glimt.core.frames import read_mask


@pytest.fixture
def model(tmp_path):
    return write_bright(tmp_path / "run" / "checkpoints" / "last.safetensors")


def rows_in(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_every_target_of_a_dataset_is_found_where_it_is(glimt, small, model, tmp_path):
    """The disks of 21 px stand at (12, 14), (25, 30) and (20, 40), brighter than 0.375; all else is darker."""
    out = tmp_path / "out"
    done = glimt("predict", model, small, out, "--json")
    assert done.code == 0, done.err
    summary = json.loads(done.out)
    assert (summary["frames"], summary["targets"], summary["median_area"]) == (3, 3, 21)
    rows = rows_in(out / "targets.csv")
    places = [(row["image"], float(row["row"]), float(row["col"]), int(row["area"])) for row in rows]
    assert places == [("f0", 12, 14, 21), ("f1", 25, 30, 21), ("f2", 20, 40, 21)]
    assert all(float(row["scr"]) > 20 for row in rows)
    for i in range(3):
        assert np.array_equal(read_mask(out / "masks" / f"f{i}.png"), read_mask(small / "masks" / f"f{i}.png"))


def test_what_is_predicted_can_be_evaluated(glimt, small, model, tmp_path):
    assert glimt("predict", model, small, tmp_path / "out").code == 0
    done = glimt("evaluate", tmp_path / "out" / "scores", small / "masks", "--json")
    values = json.loads(done.out)
    assert (values["iou"], values["pd"], values["fa"], values["hits"]) == (1, 1, 0, 3)


def test_a_run_folder_a_split_and_overlays(glimt, small, model, tmp_path):
    done = glimt("predict", tmp_path / "run", small, tmp_path / "out", "--split", "test", "--overlays")
    assert done.code == 0, done.err
    assert [path.name for path in (tmp_path / "out" / "masks").iterdir()] == ["f2.png"]
    assert cv2.imread(str(tmp_path / "out" / "overlays" / "f2.png")).shape[:2] >= (40, 50)
    assert "1 targets in 1 of 1 frames" in done.err


def test_without_a_place_the_output_goes_into_predictions(glimt, small, model, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = glimt("predict", model, small / "images" / "f1.png")
    assert done.code == 0, done.err
    assert [row["image"] for row in rows_in(tmp_path / "predictions" / "f1" / "targets.csv")] == ["f1"]
    assert "predictions/f1" in done.err


def test_a_folder_gives_its_whole_name_to_the_output(glimt, small, model, tmp_path, monkeypatch):
    """`frames.v2` is not `frames`, and `.` is the folder one stands in; its layout says which images are frames."""
    named = small.rename(tmp_path / "frames.v2")
    monkeypatch.chdir(named)
    assert glimt("predict", model, ".").code == 0
    assert (named / "predictions" / "frames.v2" / "targets.csv").is_file()
    monkeypatch.chdir(tmp_path)
    assert glimt("predict", model, named).code == 0
    assert (tmp_path / "predictions" / "frames.v2" / "targets.csv").is_file()


@pytest.mark.parametrize("out", [".", "out", "deep/out"])
def test_a_plain_folder_of_frames_takes_no_output(glimt, small, model, out):
    """Its score maps would be frames the next time."""
    done = glimt("predict", model, small / "images", small / "images" / out)
    assert (done.code, "give a place outside" in done.err) == (2, True), done.err
    assert sorted(path.name for path in (small / "images").iterdir()) == ["f0.png", "f1.png", "f2.png"]


def test_a_folder_that_was_no_output_is_never_cleared(glimt, small, model):
    """Not even with --overwrite: `masks/` of a dataset are its true ones."""
    done = glimt("predict", model, small, small, "--overwrite")
    assert (done.code, "no predict.json" in done.err) == (2, True), done.err
    assert len(list((small / "masks").iterdir())) == 3


def test_averaging_and_tiles_change_nothing_for_a_network_that_looks_at_one_pixel(glimt, small, model, tmp_path):
    assert glimt("predict", model, small, tmp_path / "plain").code == 0
    other = glimt("predict", model, small, tmp_path / "other", "--tta", "--tile", "160", "--pad", "reflect")
    assert other.code == 0, other.err
    table = (tmp_path / "plain" / "targets.csv").read_text()
    assert (tmp_path / "other" / "targets.csv").read_text() == table
    note = json.loads((tmp_path / "other" / "predict.json").read_text())
    assert (note["tta"], note["tile"], note["pad"], note["model"]) == (
        True,
        160,
        "reflect",
        "plain_network:Plain, epoch 0",
    )


def test_a_threshold_above_every_score_finds_nothing_and_says_so(glimt, small, model, tmp_path):
    done = glimt("predict", model, small, tmp_path / "out", "--threshold", "1")
    assert done.code == 0
    assert "no score passes the threshold 1" in done.err
    assert rows_in(tmp_path / "out" / "targets.csv") == []


def test_raw_frames_and_the_pages_of_a_tiff(glimt, small, model, tmp_path):
    tifffile = pytest.importorskip("tifffile", reason="the extra glimt[video] is not installed")
    pixels = [cv2.imread(str(small / "images" / f"f{i}.png"), -1) for i in range(3)]
    (tmp_path / "raw").mkdir()
    pixels[0].astype("<u2").tofile(tmp_path / "raw" / "r.bin")
    tifffile.imwrite(tmp_path / "clip.tiff", np.stack(pixels), photometric="minisblack")
    assert glimt("predict", model, tmp_path / "raw", tmp_path / "a", "--raw", "uint16:40x50").code == 0
    assert [row["area"] for row in rows_in(tmp_path / "a" / "targets.csv")] == ["21"]
    assert glimt("predict", model, tmp_path / "clip.tiff", tmp_path / "b").code == 0
    assert [row["image"] for row in rows_in(tmp_path / "b" / "targets.csv")] == [f"clip/00000{i}" for i in range(3)]
    assert (tmp_path / "b" / "masks" / "clip" / "000002.png").is_file()


def test_a_stopped_run_goes_on_and_a_finished_one_is_kept(glimt, small, model, tmp_path):
    out = tmp_path / "out"
    whole = (small / "images" / "f2.png").read_bytes()
    (small / "images" / "f2.png").write_bytes(b"damaged")
    assert glimt("predict", model, small, out).code == 2
    assert not (out / "targets.csv").exists()
    (small / "images" / "f2.png").write_bytes(whole)
    going = glimt("predict", model, small, out)
    assert (going.code, "going on: 2 of 3" in going.err) == (0, True)
    again = glimt("predict", model, small, out)
    assert (again.code, "--overwrite" in again.err) == (2, True)
    assert glimt("predict", model, small, out, "--overwrite").code == 0


def test_weights_that_changed_do_not_go_on_with_a_stopped_run(glimt, small, model, tmp_path):
    assert glimt("predict", model, small, tmp_path / "out").code == 0
    (tmp_path / "out" / ".journal.jsonl").write_text("")  # as if it had been stopped
    model.write_bytes(model.read_bytes()[:-1] + b"\x01")
    done = glimt("predict", model, small, tmp_path / "out")
    assert (done.code, "--overwrite" in done.err) == (2, True)


@pytest.fixture
def no_gpu(monkeypatch):
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)


@pytest.mark.usefixtures("no_gpu")
@pytest.mark.parametrize(
    ("extra", "words"),
    [
        (["--device", "cuda"], "sees no GPU"),
        (["--device", "gpu"], "no device 'gpu'"),
        (["--pad", "mirror"], "no padding 'mirror'"),
        (["--tile", "100"], "take a tile of 160"),
        (["--network", "acm"], "not of 'acm'"),
        (["--split", "tset"], "no split 'tset'; it has test_small"),
        (["--layout", "basicirst"], "did you mean 'basicirstd'"),
        (["--raw", "uint16"], "480x640"),
        (["--threshold", "2"], "--threshold"),
    ],
)
def test_a_mistake_ends_in_one_line_before_anything_is_written(glimt, small, model, tmp_path, extra, words):
    done = glimt("predict", model, small, tmp_path / "out", *extra)
    assert (done.code, words in done.err) == (2, True), done.err
    assert done.err.count("error:") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("path", ["nowhere", "small", "small/images/f0.png"])
def test_what_is_no_checkpoint_is_refused_by_its_name(glimt, small, tmp_path, path):
    done = glimt("predict", tmp_path / path, small, tmp_path / "out")
    assert (done.code, str(tmp_path / path) in done.err.replace("\n", "")) == (2, True), done.err
    assert done.err.count("error:") == 1


def test_frames_that_are_not_there_are_one_line(glimt, model, tmp_path):
    done = glimt("predict", model, tmp_path / "nowhere", tmp_path / "out")
    assert (done.code, done.err.count("error:"), "nowhere" in done.err) == (2, 1, True), done.err


def test_predict_without_its_extra_says_what_to_install(glimt, small, model, tmp_path, monkeypatch):
    import importlib.util

    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "torch" else real(name))
    done = glimt("predict", model, small, tmp_path / "out")
    assert (done.code, "pip install 'glimt[train]'" in done.err) == (2, True)
