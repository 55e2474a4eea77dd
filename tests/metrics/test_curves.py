import dataclasses

import numpy as np
import pytest

from glimt.metrics.curves import LOW_FA, TARGET_LEVELS, area_below, detection_curve, roc
from glimt.metrics.evaluate import evaluate
from glimt.metrics.pair import Pair
from glimt.metrics.profiles import basicirstd, mtu, opdc


def test_pixel_area_is_the_chance_that_a_target_pixel_scores_higher():
    """Oracle: the Mann-Whitney count over all pairs of pixels, ties one half."""
    rng = np.random.default_rng(0)
    scores = (rng.integers(0, 41, (12, 12)) / 40 * 1024).round().astype(np.float32) / 1024
    true = rng.random((12, 12)) < 0.3
    inside, outside = scores[true][:, None], scores[~true]
    expected = ((inside > outside) + 0.5 * (inside == outside)).mean()
    assert evaluate([Pair(scores, true)], basicirstd(), (roc(),)).values["auc_pixel"] == pytest.approx(
        expected, rel=1e-12
    )


def test_roc_of_four_pixels_by_hand():
    scores = np.array([[1.0, 0.75, 0.5, 0.0]], np.float32)
    table = evaluate([Pair(scores, np.array([[True, False, True, False]]))], basicirstd(), (roc(),)).tables["roc"]
    # above 0: three pixels; from 0.5 on two; from 0.75 on one
    assert table == {"threshold": [0.0, 0.5, 0.75], "fpr": [0.5, 0.5, 0.0], "tpr": [1.0, 0.5, 0.5]}


@pytest.mark.parametrize("make", [basicirstd, mtu, opdc])
def test_each_point_of_the_curve_is_an_evaluation_of_its_own(noisy, make):
    """Oracle: the whole evaluation at each of some thresholds; V2 false pixels over the true size of the frames."""
    profile = make()
    counts = evaluate(noisy, profile, (detection_curve(),)).counts
    for k in (0, 1, 7, 38, 64, 90, 127):
        at = dataclasses.replace(profile, threshold=k / TARGET_LEVELS, metrics=basicirstd().metrics)
        one = evaluate(noisy, at).counts
        assert counts["curve_hits"][k] == one["hits"]
        assert counts["curve_false_pixels"][k] == one["false_pixels"]
        assert counts["curve_false_targets"][k] == one["false_targets"]


def test_area_is_that_of_the_best_point_within_each_false_alarm_rate():
    # 0.5 from 0.1 on, 0.8 from 0.4 on; the worse point at 0.6 changes nothing: 0.3 * 0.5 + 0.6 * 0.8
    x, y = np.array([0.6, 0.4, 0.1]), np.array([0.7, 0.8, 0.5])
    assert area_below(x, y, 1.0) == pytest.approx(0.63)
    assert area_below(x, y, 0.3) == pytest.approx(0.1)  # 0.2 * 0.5
    assert area_below(x, y, 0.05) == 0


def test_froc_and_areas_of_one_target_and_one_false_pixel_by_hand():
    scores, true = np.zeros((100, 100), np.float32), np.zeros((100, 100), bool)
    true[50, 50] = True
    scores[50, 50], scores[10, 10] = 0.5, 0.75
    values = evaluate([Pair(scores, true)], basicirstd(), (detection_curve(),)).values
    # below 0.5 both are found: Pd 1 with one false pixel of 10 000 and one false target; above, Pd is 0
    assert values["auc_target"] == pytest.approx(1 - 1e-4)
    assert values["auc_target_low"] == pytest.approx(0, abs=1e-12)
    assert LOW_FA == 1e-4
    assert values["froc"] == pytest.approx(4 / 7)  # reached at 1, 2, 4, 8 false targets, not at 1/8, 1/4, 1/2


def test_masks_have_no_curve(make_blocks):
    mask = make_blocks((20, 20), (5, 5, 2, 2))
    for found in (mask, mask.astype(np.float32)):
        result = evaluate([Pair(found, mask)], basicirstd(), (roc(), detection_curve()))
        assert result.tables == {}
        assert not {"auc_pixel", "auc_target", "froc"} & set(result.values)


def test_a_frame_full_of_noise_is_cut_into_groups_without_a_change(noisy, monkeypatch):
    whole = evaluate(noisy[:2], basicirstd(), (detection_curve(),)).to_json()
    monkeypatch.setattr("glimt.metrics.curves.STACK", 1)  # one threshold at a time
    assert evaluate(noisy[:2], basicirstd(), (detection_curve(),)).to_json() == whole
