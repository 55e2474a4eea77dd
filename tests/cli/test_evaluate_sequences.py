"""`glimt evaluate` on sequences: points as truth, a table by sequence, classical detectors."""

import json

import numpy as np
import pytest
from bright_network import write_bright

from glimt.core.files import write_png, write_text


@pytest.fixture
def clips(tmp_path):
    """Two sequences of two frames, points only: one pixel is lit at (10, 10 + i), in `b` another at (30, 30)."""
    root = tmp_path / "clips"
    for name in ("a", "b"):
        for i in range(2):
            frame = np.random.default_rng(i).integers(40, 50, (40, 48)).astype(np.uint8)
            frame[10, 10 + i] = 255
            if name == "b":
                frame[30, 30] = 255
            write_png(root / name / "images" / f"{i:04d}.png", frame)
        write_text(root / name / "points.csv", "frame,x,y\n0,10,10\n1,11,10\n")
    return root


@pytest.fixture
def model(tmp_path):
    return write_bright(tmp_path / "run" / "checkpoints" / "last.safetensors")


@pytest.fixture(params=["checkpoint", "detector"])
def finder(request, model):
    """A network and a filter that both find exactly what is lit."""
    return ("--checkpoint", model) if request.param == "checkpoint" else ("--detector", "tophat")


def test_points_are_truth_enough_under_the_profile_of_that_name(glimt, clips, finder):
    done = glimt("evaluate", clips, *finder, "--profile", "points", "--json")
    assert done.code == 0, done.err
    values = json.loads(done.out)
    assert (values["hits"], values["targets"], values["false_targets"], values["false_per_frame"]) == (4, 4, 2, 0.5)
    assert values["fa"] == 2 / (4 * 40 * 48)
    assert "iou" not in values


def test_each_sequence_has_its_row_beside_the_total(glimt, clips, finder, tmp_path):
    done = glimt("evaluate", clips, *finder, "--profile", "points", "--out", tmp_path / "out")
    assert done.code == 0, done.err
    assert "by sequence" in done.out
    parts = json.loads((tmp_path / "out" / "report.json").read_text())["sequences"]
    assert {name: (part["images"], part["false_targets"]) for name, part in parts.items()} == {"a": (2, 0), "b": (2, 2)}
    page = (tmp_path / "out" / "report.html").read_text()
    assert "Sequences" in page
    assert "false a frame" in page


def test_one_sequence_has_no_table_of_sequences(glimt, clips, finder):
    done = glimt("evaluate", clips, *finder, "--profile", "points", "--split", "a")
    assert (done.code, "by sequence" in done.out) == (0, False), done.err


def test_other_profiles_refuse_points_and_name_the_profile_for_them(glimt, clips, finder):
    done = glimt("evaluate", clips, *finder)
    assert (done.code, done.err.count("error:")) == (2, 1), done.err
    assert "4 of 4 frames have no true mask to score against, the first is 'a/0000'" in done.err
    assert "--profile points" in done.err


def test_frames_of_which_nothing_is_known_are_refused(glimt, clips, finder):
    (clips / "b" / "points.csv").unlink()
    done = glimt("evaluate", clips, *finder, "--profile", "points")
    assert (done.code, done.err.count("error:")) == (2, 1), done.err
    assert "2 of 4 frames have neither mask nor points, the first is 'b/0000'" in done.err


def test_a_point_outside_its_frame_is_named(glimt, clips, finder):
    write_text(clips / "b" / "points.csv", "frame,x,y\n0,10,10\n1,48,10\n")
    done = glimt("evaluate", clips, *finder, "--profile", "points")
    assert (done.code, done.err.count("error:")) == (2, 1), done.err
    assert "col 48" in done.err


def test_an_option_of_the_detector_changes_its_answer(glimt, clips):
    """Cut at ten thousand sigmas, nothing is found."""
    words = ("evaluate", clips, "--detector", "tophat", "--profile", "points", "--json")
    assert json.loads(glimt(*words, "--set", "sigmas=10000").out)["hits"] == 0


def test_a_detector_is_scored_on_masks_too(glimt, small):
    """Three disks of 21 pixels, five wide: a square of nine keeps none of them, and the filter finds all."""
    done = glimt("evaluate", small, "--detector", "tophat", "--set", "side=9", "--set", "sigmas=3", "--json")
    values = json.loads(done.out)
    assert (values["hits"], values["targets"], values["detector"], values["options"]["side"]) == (3, 3, "tophat", 9)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["clips", "--detector", "tophta"], "did you mean 'tophat'"),
        (["clips", "--detector", "tophat", "--set", "side=4"], "odd number"),
        (["clips", "--detector", "tophat", "--checkpoint", "run"], "both find; leave"),
        (["clips", "clips", "--detector", "tophat"], "--detector scores a dataset by its own masks"),
        (["clips", "--detector", "tophat", "--tta"], "--tta only goes with --checkpoint"),
        (["clips", "--detector", "tophat", "--strict"], "--strict does not go with --detector"),
        (["clips", "--checkpoint", "run", "--set", "side=5"], "--set only goes with --detector"),
        (["clips"], "--detector NAME"),
        (["clips", "--checkpoint", "run", "--points", "interior", "--profile", "points"], "interior clicks are drawn"),
    ],
)
def test_mixed_forms_and_mistakes_are_one_line(glimt, model, clips, monkeypatch, words, said):
    monkeypatch.chdir(clips.parent)
    done = glimt("evaluate", *words)
    assert (done.code, done.err.count("error:"), said in done.err) == (2, 1, True), done.err
