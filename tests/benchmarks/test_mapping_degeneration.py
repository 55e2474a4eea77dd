"""The study of mapping degeneration: its measure, its targets, its network, and that a stopped study goes on."""

import json
import math
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from glimt.core.frames import read_pixels
from glimt.core.targets import targets
from glimt.core.types import Sample

pytest.importorskip("torch")
sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import degeneration_cases as cases
import degeneration_plot
import degeneration_training as training
import mapping_degeneration as study
import record
import torch
from degeneration_studies import STUDIES, Setting
from degeneration_targets import DISTANCES, Target

FLAT = Sample("flat", np.full((120, 110), 0.25, np.float32), np.zeros((0, 2)), np.zeros((120, 110), np.float32))


@pytest.fixture
def places(tmp_path, monkeypatch):
    """Results, plots and runs go to a folder of the test."""
    monkeypatch.setattr(record, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(study, "IMAGES", tmp_path / "images")
    monkeypatch.setattr(study, "RUNS", tmp_path / "runs")
    return tmp_path


def drawn(seed=0, frame=FLAT, **options):
    return cases.drawn_case(Target(**options), frame, np.random.default_rng(seed))


def test_what_scores_above_half_of_the_maximum_is_compared_with_the_mask():
    scores = np.array([[0.8, 0.5, 0.41], [0.4, 0.1, 0.0]], np.float32)  # above 0.4: the first row
    mask = np.array([[True, True, False], [True, False, False]])
    seen = training.judge(scores, mask)
    assert seen.iou == 2 / 4  # two of the four pixels in either
    assert (seen.peak, seen.pixels) == (np.float32(0.8), 3)


def test_a_drawn_target_adds_its_peak_in_the_middle_and_a_third_of_it_at_the_border():
    case = drawn(peak=90, radius=7)
    added = 255 * (case.sample.image - 0.25)
    assert added[48, 48] == pytest.approx(90, abs=0.01)
    assert added[48, 55] == pytest.approx(30, abs=0.01)  # the pixel 7 to the right lies on the border
    assert added[48, 62] == pytest.approx(90 / 3**4, abs=0.01)  # twice as far: a third to the power of four


@pytest.mark.parametrize("shape", DISTANCES)
@pytest.mark.parametrize("radius", [3, 7, 13])
def test_every_shape_has_the_area_of_the_disk_and_its_middle(shape, radius):
    found = targets(drawn(radius=radius, shape=shape).mask)
    assert found.areas == pytest.approx([math.pi * radius**2], rel=0.1)  # whole pixels
    assert found.centroids[0] == pytest.approx([48, 48], abs=0.2)


def test_an_oval_is_as_much_longer_than_wide_as_its_name_says():
    pixels = np.argwhere(drawn(radius=13, shape="4:1").mask) - 48.0
    long, short = np.sqrt(np.linalg.eigvalsh(np.cov(pixels.T))[::-1])
    assert long / short == pytest.approx(4, rel=0.05)  # a filled ellipse spreads in proportion to its axes


def test_white_is_clipped_unless_it_is_asked_for():
    assert drawn(peak=500).sample.image.max() == 1
    assert drawn(peak=500, clipped=False).sample.image.max() == pytest.approx(0.25 + 500 / 255)


@pytest.mark.parametrize("offset", [0, 1, 3, 5])
def test_the_point_lies_off_the_middle_by_what_was_asked_to_the_nearest_pixel(offset):
    distances = [np.hypot(*(drawn(seed, offset=offset).sample.points[0] - 48)) for seed in range(20)]
    assert np.abs(np.array(distances) - offset).max() <= math.sqrt(0.5)


def test_the_points_of_a_label_lie_on_as_many_pixels_of_the_mask():
    case = drawn(points=40, radius=13)
    assert case.sample.label is not None
    assert case.sample.label.sum() == 40
    assert (case.sample.label.astype(bool) & ~case.mask).sum() == 0
    assert case.sample.points[0].tolist() == [48, 48]


def test_free_corners_are_those_a_slow_look_at_every_patch_finds():
    label = np.zeros((104, 101), np.float32)
    label[3, 2] = label[100, 96] = 1
    frame = Sample("two", label, np.zeros((0, 2)), label)
    slow = [[top, left] for top in range(9) for left in range(6) if not label[top : top + 96, left : left + 96].any()]
    assert cases.free_corners(frame).tolist() == slow
    assert 0 < len(slow) < 9 * 6


def test_the_calm_place_is_calmer_than_the_cluttered_one():
    frame = replace(FLAT, image=np.random.default_rng(0).normal(0.3, 0.1, (120, 110)).astype(np.float32))
    frame.image[:, 60:] = 0.3
    calm, cluttered, flat = (drawn(frame=frame, place=place).scr for place in ("calm", "cluttered", "flat"))
    assert flat > calm > cluttered


@pytest.mark.real
def test_a_real_frame_is_judged_around_its_target_and_learnt_from_its_centroid(sirst):
    for frame in cases.open_frames(sirst, 3):
        case = cases.real_case(frame)
        assert case.mask[case.window].shape == (64, 64)
        assert case.mask[case.window].any()
        found = targets(case.mask)
        assert np.argwhere(case.sample.label).tolist() == sorted(np.rint(found.centroids).tolist())


def test_the_narrow_network_is_the_u_net_with_fewer_channels():
    with torch.device("meta"):
        wide, same, narrow = training.LEARNERS["unet"].make(), training.narrow_unet(64), training.narrow_unet(8)
    shapes = [{name: tuple(value.shape) for name, value in one.state_dict().items()} for one in (wide, same)]
    assert shapes[0] == shapes[1]
    sizes = [sum(value.numel() for value in one.parameters()) for one in (narrow, wide)]
    assert sizes[0] / sizes[1] == pytest.approx(1 / 64, rel=0.02)


def test_a_summary_holds_the_mean_curve_and_the_best_of_each_run():
    runs = [
        {"iou": [0.0, 0.6, 0.2], "peak": [0.1, 0.3, 0.9], "pixels": [99, 12, 1], "true_pixels": 10, "scr": 3.0},
        {"iou": [0.0, 0.2, 0.8], "peak": [0.1, 0.2, 0.5], "pixels": [99, 30, 8], "true_pixels": 12, "scr": 5.0},
    ]
    found = study.summary(runs)
    assert (found["best"], found["best_deviation"], found["peak_at_best"]) == (0.7, 0.1, 0.4)
    assert found["epoch_of_best"] == study.EVERY * 1.5
    assert (found["top_of_mean"], found["epoch_of_top"]) == (0.5, study.EVERY * 2)
    assert found["mean"] == [0.0, 0.4, 0.5]
    assert found["best_of_each"] == [0.6, 0.8]
    assert (found["last"], found["pixels_last"], found["pixels_at_best"]) == (0.5, 4.5, 10)


def test_a_best_iou_on_a_border_counts_in_the_tenth_above_it_and_one_in_the_last():
    axes = Figure().subplots()
    degeneration_plot.histogram(axes, [0.6, 0.699, 0.3, 1.0])
    assert [bar.get_height() for bar in axes.patches] == [0, 0, 0, 25, 0, 0, 50, 0, 0, 25]  # percent


def test_a_study_of_two_epochs_writes_its_result_and_its_plot(places):
    study.main(["clutter", "--runs", "1", "--epochs", "2"])
    result = json.loads((places / "results" / "degeneration_clutter.json").read_text())
    assert list(result["settings"]) == ["flat", "calm", "cluttered"]
    assert all(len(found["mean"]) == 1 + 2 // study.EVERY for found in result["settings"].values())
    assert {"commit", "machine", "command", "date"} <= set(result)
    plot = read_pixels(places / "images" / "degeneration_clutter.png")
    assert plot.std() > 0
    assert min(plot.shape) > 300


def test_a_finished_run_is_not_done_again(places, monkeypatch):
    monkeypatch.setitem(STUDIES, "size", {"3": Setting(Target(radius=3))})
    done, follow = [], study.follow
    monkeypatch.setattr(study, "follow", lambda *a, **k: done.append(k["seed"]) or follow(*a, **k))
    for runs in ("1", "2", "2"):
        study.main(["size", "--runs", runs, "--epochs", "2"])
    assert done == [0, 1]
    whole = json.loads((places / "results" / "degeneration_size.json").read_text())["settings"]
    next((places / "runs").rglob("1.json")).unlink()
    study.main(["size", "--runs", "2", "--epochs", "2"])
    assert done == [0, 1, 1]  # and to the same values
    assert json.loads((places / "results" / "degeneration_size.json").read_text())["settings"] == whole


def test_all_frames_are_learnt_by_one_network_when_they_are_learnt_together():
    frames = cases.open_frames(None, 2)
    alone, together = STUDIES["single"]["one frame each"], STUDIES["many"]["all frames"]
    assert len(alone.cases(frames, 0)) == 1
    assert len(together.cases(frames, 0)) == 2


@pytest.mark.slow
def test_a_network_that_learns_a_point_shows_the_region_first_and_the_point_at_last():
    (seen,) = training.follow([drawn(radius=3)], "narrow", epochs=70, every=2, seed=0)
    best = int(np.argmax(seen["iou"]))
    assert seen["pixels"][0] > 64 * 64 / 2  # the untrained network answers everywhere alike
    assert seen["iou"][best] > 0.2
    assert 6 <= seen["pixels"][best] <= 90  # of 29
    assert seen["pixels"][-1] == 1
