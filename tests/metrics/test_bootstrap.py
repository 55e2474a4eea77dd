import numpy as np
import pytest

from glimt.metrics.bootstrap import intervals
from glimt.metrics.detection import detection
from glimt.metrics.overlap import niou

MISS = {"hits": 0, "targets": 1, "found_targets": 0, "false_targets": 0, "false_pixels": 0, "pixels": 100}
HIT = {**MISS, "hits": 1, "found_targets": 1}


def pd_interval(rows, draws=2000, seed=0):
    return intervals(rows, [detection()], draws, np.random.default_rng(seed))["pd"]


def test_two_images_of_which_one_hits_can_give_anything():
    # of two draws both miss with chance 1/4 and both hit with 1/4: far more than 2.5 %
    assert pd_interval([HIT, MISS]) == (0, 1)


def test_identical_images_leave_no_doubt():
    assert pd_interval([HIT] * 5) == (1, 1)


def test_many_images_give_the_binomial_interval():
    """Oracle: p +- 1.96 sqrt(p (1 - p) / n) = 0.8 +- 0.0392 for 320 hits of 400."""
    assert pd_interval([HIT] * 320 + [MISS] * 80) == pytest.approx((0.7608, 0.8392), abs=0.005)


def test_a_draw_is_a_plain_sum_of_drawn_images():
    """Oracle: the same draws, summed image by image and read one by one."""
    rng = np.random.default_rng(3)
    rows = [{"image_iou": float(value), "images": 1} for value in rng.random(7)]
    weights = np.random.default_rng(1).multinomial(7, np.full(7, 1 / 7), size=50)
    means = [sum(w * row["image_iou"] for w, row in zip(draw, rows, strict=True)) / 7 for draw in weights]
    got = intervals(rows, [niou()], 50, np.random.default_rng(1))["niou"]
    assert got == pytest.approx(tuple(np.percentile(means, [2.5, 97.5])), rel=1e-12)


def test_the_same_seed_gives_the_same_interval():
    rows = [HIT, MISS, HIT, HIT, MISS]
    assert pd_interval(rows, seed=4) == pd_interval(rows, seed=4)


def test_a_value_without_counts_has_an_interval_of_nothing():
    assert np.isnan(pd_interval([{**MISS, "targets": 0}] * 3)).all()


def test_many_draws_are_made_in_groups(monkeypatch):
    rows = [HIT, MISS, HIT]
    whole = pd_interval(rows, draws=100)
    monkeypatch.setattr("glimt.metrics.bootstrap.CELLS", 7)
    assert pd_interval(rows, draws=100) == whole
