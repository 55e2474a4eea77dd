"""Against the plain regionprops reference of the benchmark, and PyIRSTDMetrics where it is right and where not."""

import runpy
from pathlib import Path

import cv2
import numpy as np
import pytest

from glimt.core.frames import read_frame, read_mask
from glimt.metrics.evaluate import evaluate
from glimt.metrics.pair import Pair
from glimt.metrics.profiles import basicirstd, dtum, opdc, opdc_1_0_2

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def reference():
    pytest.importorskip("skimage", reason="scikit-image is not installed (dev extra)")
    return runpy.run_path(str(BENCHMARKS / "metrics_reference.py"))["basicirstd"]


@pytest.fixture(scope="module")
def others():
    pytest.importorskip("skimage", reason="scikit-image is not installed (dev extra)")
    return pytest.importorskip("py_irstd_metrics", reason="pyirstdmetrics is not installed (pip install --no-deps)")


@pytest.fixture(scope="module")
def tophat(sirst):
    """Real frames of SIRST's test split under a stretched top-hat: hits, misses, clutter and empty answers."""
    names = (sirst / "img_idx" / "test_SIRST.txt").read_text().split()
    kernel = np.ones((7, 7), np.uint8)
    pairs = []
    for name in names:
        image = read_frame(sirst / "images" / f"{name}.png")
        scores = np.clip(2.5 * cv2.morphologyEx(image, cv2.MORPH_TOPHAT, kernel), 0, 1)
        pairs.append(Pair(scores, read_mask(sirst / "masks" / f"{name}.png"), image, name))
    return pairs


def check_reference(pairs, reference):
    got, expected = evaluate(pairs, basicirstd()).values, reference([(pair.found, pair.true) for pair in pairs])
    assert set(got) == set(expected)
    assert dict(got) == pytest.approx(expected, abs=1e-9)


def test_every_value_equals_the_plain_reference(noisy, reference):
    check_reference(noisy, reference)


@pytest.mark.real
def test_every_value_equals_the_plain_reference_on_real_frames(tophat, reference):
    check_reference(tophat, reference)


def told(other, pairs):
    for pair in pairs:
        other.update(pair.found, pair.true)
    return other.get()


def objects(other):
    return other.tp_objs[0], other.fp_objs[0], other.fn_objs[0]


def check_others(pairs, others):
    """V2, the clamped shooting rule (no score equals its threshold here), and OPDC."""
    assert not any((pair.found == 0.5).any() for pair in pairs)
    for make, other in (
        (basicirstd, others.ProbabilityDetectionAndFalseAlarmRate()),
        (dtum, others.ShootingRuleBasedProbabilityDetectionAndFalseAlarmRate()),
    ):
        ours, theirs = evaluate(pairs, make()).values, told(other, pairs)
        assert ours["pd"] == pytest.approx(theirs["probability_detection"][0], rel=1e-12)
        assert ours["fa"] == pytest.approx(theirs["false_alarm"][0], rel=1e-12)
    other = others.MatchingBasedMetrics()
    theirs, ours = told(other, pairs), evaluate(pairs, opdc_1_0_2())
    assert (ours.counts["tp"], ours.counts["fp"], ours.counts["fn"]) == objects(other)
    assert ours.values["hiou"] == pytest.approx(theirs["hiou"][0], abs=1e-9)


def test_pyirstdmetrics_agrees_where_it_is_right(noisy, others):
    check_others(noisy, others)


@pytest.mark.real
def test_pyirstdmetrics_agrees_on_real_frames_with_its_phantoms(tophat, others):
    pairs = [pair for pair in tophat if not (pair.found == 0.5).any()]
    assert len(pairs) > 100
    check_others(pairs, others)
    right, released = evaluate(pairs, opdc()), evaluate(pairs, opdc_1_0_2())
    empty = sum(not (pair.found > 0.5).any() for pair in pairs)
    assert released.counts["fp"] - right.counts["fp"] == empty > 0
    assert released.values["hiou"] < right.values["hiou"]


def test_pyirstdmetrics_invents_targets_where_nothing_was_found(others):
    """Documents the bug of 1.0.2: with one side empty its matrix still has a cell, and the cell counts as a target."""
    empty, true = np.zeros((16, 16), np.float32), np.zeros((16, 16), bool)
    other = others.MatchingBasedMetrics()
    other.update(empty, true)
    assert objects(other) == (0, 1, 1)  # right: (0, 0, 0)
    true[8, 8] = True
    other.update(empty, true)
    assert objects(other) == (0, 2, 2)  # right: (0, 0, 1)
    ours = evaluate([Pair(empty, np.zeros_like(true)), Pair(empty, true)], opdc()).counts
    assert (ours["tp"], ours["fp"], ours["fn"]) == (0, 0, 1)
