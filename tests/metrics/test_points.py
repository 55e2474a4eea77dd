"""Truth of points alone, paper 001's protocol, and scores by sequence.

In 40 x 40 pixels the points are A at (10, 10), B at (20.4, 21) and C at (5, 30). Found: a of 2 x 2 with centroid
(10.5, 11.5), sqrt(2.5) px from A; b of 3 x 3 with centroid (21, 24), 3.06 px from B; c of one pixel at (5, 33), exactly
3 px from C. So 1 of 3 points is hit, and two found targets of 9 + 1 pixels are false.
"""

import dataclasses
import json

import numpy as np
import pytest

from glimt.core.errors import DataError
from glimt.metrics.curves import detection_curve
from glimt.metrics.evaluate import curves_and_bins, evaluate, merge
from glimt.metrics.pair import Pair
from glimt.metrics.profiles import basicirstd, p2m, points

POINTS = np.array([[20.4, 21.0], [10.0, 10.0], [5.0, 30.0]])
FOUND = ((10, 11, 2, 2), (20, 23, 3, 3), (5, 33, 1, 1))


def pair_of(found, places, sequence=None, id=""):
    """A pair whose truth is points: a pixel each."""
    places = np.asarray(places, float).reshape(-1, 2)
    true = np.zeros(found.shape, bool)
    true[tuple(np.rint(places).astype(int).T)] = True
    return Pair(found, true, id=id, points=places, sequence=sequence)


@pytest.fixture
def scene(make_blocks):
    return pair_of(make_blocks((40, 40), *FOUND), POINTS)


def test_points_worked_by_hand(scene):
    result = evaluate([scene], points())
    assert result.values == pytest.approx(
        {
            "pd": 1 / 3,
            "fa": 10 / 1600,
            "f_at": 2 / 3,
            "target_precision": 1 / 3,
            "target_f1": 1 / 3,
            "false_per_frame": 2.0,
            "centroid_error": np.sqrt(2.5),
            "auc_point": (1 + 1 / 3 - 10 / 1600) / 2,
        },
        rel=1e-9,
    )
    assert {name: result.counts[name] for name in ("hits", "targets", "false_targets", "images")} == {
        "hits": 1,
        "targets": 3,
        "false_targets": 2,
        "images": 1,
    }


def test_no_overlap_is_told_of_points(scene):
    result = evaluate([scene], points(), curves_and_bins(points=True))
    assert not {name for name in result.values if "iou" in name or name in ("area_ratio", "radius_error", "precision")}


def test_a_point_keeps_its_fraction_of_a_pixel(make_blocks):
    """At (10.4, 10) a found pixel at (13, 10) is 2.6 px away; rounded to (10, 10), it would be 3."""
    found = make_blocks((40, 40), (13, 10, 1, 1))
    assert evaluate([pair_of(found, [(10.4, 10.0)])], points()).counts["hits"] == 1
    assert evaluate([pair_of(found, [(10.0, 10.0)])], points()).counts["hits"] == 0


def test_points_in_neighbouring_pixels_are_two_targets_and_a_blob_hits_one(make_blocks):
    found = make_blocks((40, 40), (10, 10, 2, 2))
    result = evaluate([pair_of(found, [(10, 10), (11, 11)])], points())
    assert (result.counts["hits"], result.counts["targets"], result.counts["false_targets"]) == (1, 2, 0)


def test_the_order_of_the_points_does_not_matter(make_blocks):
    """One blob, two points within reach: the upper one is hit, in whatever order they are listed."""
    found = make_blocks((40, 40), (12, 10, 1, 1))
    places = np.array([(14.0, 10.0), (11.0, 10.0)])
    errors = [evaluate([pair_of(found, order)], points()).values["centroid_error"] for order in (places, places[::-1])]
    assert errors == [1.0, 1.0]


def test_a_frame_without_targets_counts_its_false_pixels(make_blocks):
    found = make_blocks((40, 40), (10, 10, 2, 2))
    result = evaluate([pair_of(found, [])], points(), (detection_curve(),))
    assert (result.counts["targets"], result.counts["false_pixels"], result.values["fa"]) == (0, 4, 4 / 1600)
    assert np.isnan(result.values["pd"])


def test_other_profiles_refuse_points_and_name_the_one_that_takes_them(scene):
    for profile in (basicirstd(), p2m()):
        with pytest.raises(DataError, match=rf"f7: only points are known, and profile {profile.name}.*use points"):
            evaluate([dataclasses.replace(scene, id="f7")], profile)


def test_with_masks_points_counts_what_basicirstd_counts(noisy):
    ours, theirs = (evaluate(noisy, profile, (detection_curve(),)) for profile in (points(), basicirstd()))
    for name in ("pd", "fa", "f_at", "auc_target", "auc_target_low", "centroid_error"):
        assert ours.values[name] == theirs.values[name]


def test_the_curve_of_points_matches_them_anew_at_each_threshold():
    """A at .9, within reach; a false pixel at .5: Pd is 1 at Fa 0 above .5, and still 1 at Fa 1/100 below."""
    scores = np.zeros((10, 10), np.float32)
    scores[2, 3], scores[8, 8] = 0.9, 0.5
    result = evaluate([pair_of(scores, [(2, 2)])], points(), (detection_curve(),))
    table = result.tables["detection_curve"]
    assert (table["pd"], table["fa"]) == ([1, 1, 0], [0.01, 0, 0])
    assert result.values["auc_target"] == pytest.approx(1)
    assert (result.values["pd_at_fa_1e-6"], result.values["pd_at_fa_1e-4"]) == (1, 1)


def test_pd_at_a_fixed_fa_is_the_best_below_it():
    """The fainter of two targets is found only together with a false pixel of 10 000: Fa is 1e-4 there."""
    scores = np.zeros((100, 100), np.float32)
    scores[10, 10], scores[50, 50], scores[80, 80] = 0.9, 0.5, 0.6
    values = evaluate([pair_of(scores, [(10, 10), (50, 50)])], points(), (detection_curve(),)).values
    assert (values["pd_at_fa_1e-5"], values["pd_at_fa_1e-4"]) == (0.5, 1.0)


def test_p2m_counts_every_found_pixel_off_the_masks(make_blocks):
    """4 + 9 found pixels, of which 2 lie on the 4 true ones: 11 false ones of 1596. The hit's own rim is among them."""
    pair = Pair(make_blocks((40, 40), (10, 11, 2, 2), (30, 30, 3, 3)), make_blocks((40, 40), (10, 10, 2, 2)))
    result = evaluate([pair], p2m())
    assert (result.counts["false_pixels"], result.counts["pixels"]) == (11, 1596)
    assert (result.values["pd"], result.values["iou"]) == (1, 2 / 15)
    assert result.values["auc_point"] == pytest.approx((2 - 11 / 1596) / 2)


PRINTED = """69.04 1.80 .8452 94.59 5.23 .9730 97.56 3.05 .9878 71.42 .33 .8571 96.28 3.22 .9814 99.15 2.01 .9958
75.50 3.11 .8775 96.62 5.12 .9831 98.20 8.57 .9910 67.81 .26 .8390 94.26 2.58 .9713 98.73 .82 .9936
74.19 3.89 .8710 95.27 3.74 .9763 98.52 20.5 .9926 71.53 .88 .8577 96.62 6.54 .9831 98.20 1.00 .9910
69.28 5.21 .8464 93.92 1.28 .9696 98.62 1.53 .9931 72.89 3.07 .8645 90.88 2.48 .9544 98.83 2.24 .9942
72.52 3.92 .8626 96.62 3.79 .9831 98.73 1.42 .9936 75.72 .72 .8786 83.33 18.2 .9166 85.21 10.9 .9260
91.54 5.41 .9577 95.61 9.10 .9780 94.60 16.2 .9730 90.01 6.53 .9500 95.27 8.89 .9763 94.28 18.2 .9712
86.68 7.22 .9334 93.92 3.83 .9696 92.58 5.87 .9629 85.76 6.60 .9288 93.58 4.53 .9679 92.06 9.87 .9602"""


def test_the_area_of_one_point_is_what_table_ii_of_paper_001_prints_as_auc():
    """All 42 triples of Pd (%), Fa (1e-5) and AUC; to half a unit of its last digit, Pd's rounding and Fa's size."""
    area = points().metrics[-1].value
    for pd, fa, auc in np.array(PRINTED.split(), float).reshape(-1, 3).tolist():
        counts = {"hits": pd, "targets": 100, "false_pixels": fa, "pixels": 1e5}
        assert area(counts)["auc_point"] == pytest.approx(auc, abs=1.1e-4)


@pytest.fixture
def two_sequences(make_blocks):
    """Of `a` 1 of 2 targets is hit with nothing false, of `b` 0 of 1 with 4 false pixels; a still is of neither."""
    frame, hit, false = (
        make_blocks((40, 40)),
        make_blocks((40, 40), (10, 10, 1, 1)),
        make_blocks((40, 40), (3, 3, 2, 2)),
    )
    return [
        pair_of(hit, [(10, 10)], "a", "a/0"),
        pair_of(frame, [(20, 20)], "a", "a/1"),
        pair_of(false, [(20, 20)], "b", "b/0"),
        pair_of(hit, [(10, 10)], None, "still"),
    ]


def test_sequences_are_scored_apart_and_their_counts_add_up(two_sequences):
    result = evaluate(two_sequences, points(), (detection_curve(),))
    a, b = result.sequences["a"], result.sequences["b"]
    assert (a.images, a.values["pd"], a.values["fa"]) == (2, 0.5, 0)
    assert (b.images, b.values["pd"], b.values["fa"]) == (1, 0, 4 / 1600)
    assert result.counts["hits"] == a.counts["hits"] + b.counts["hits"] + 1
    report = json.loads(json.dumps(result.to_json(), allow_nan=False))
    assert report["sequences"]["b"]["false_pixels"] == 4
    assert list(report["sequences"]) == ["a", "b"]


def test_one_sequence_needs_no_table_of_sequences(two_sequences):
    assert "sequences" not in evaluate(two_sequences[:2], points()).summary()
    assert "sequences" not in evaluate(two_sequences[3:], points()).summary()


def test_shards_that_cut_through_a_sequence_merge_to_the_whole(two_sequences):
    profile, more = points(), (detection_curve(),)
    whole = evaluate(two_sequences, profile, more)
    parts = [evaluate(two_sequences[:1], profile, more), evaluate(two_sequences[1:], profile, more)]
    assert merge(parts, profile, more).to_json() == whole.to_json()
