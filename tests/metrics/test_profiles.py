"""Every profile on one scene worked by hand.

True, in 40 x 40 pixels: A of 2 x 2 with centroid (10.5, 10.5), B of 3 x 3 with centroid (21, 21), C of one pixel at
(5, 30). Found: a of 2 x 2 with centroid (10.5, 11.5), 1 px from A and sharing 2 pixels with it; b of 3 x 3 with
centroid (21, 25), 4 px from B and sharing none; c of 2 x 2 far from all. Nothing near C.

Pixels: 2 shared, 17 found, 14 true, 29 in either. Targets: 1 of 3 hit, 2 of 3 found ones are false, of 9 + 4 = 13
pixels, of which the membership bug sees 9: c has the area of a. IoU of A with a: 2 / (4 + 4 - 2) = 1/3.
"""

import pickle

import numpy as np
import pytest

from glimt.core.catalog import build
from glimt.core.errors import DataError, OptionError, UnknownNameError
from glimt.metrics import PROFILES
from glimt.metrics.pair import Pair

TRUE = ((10, 10, 2, 2), (20, 20, 3, 3), (5, 30, 1, 1))
FOUND = ((10, 11, 2, 2), (20, 24, 3, 3), (30, 30, 2, 2))


@pytest.fixture
def scene(make_blocks):
    return make_blocks((40, 40), *FOUND), make_blocks((40, 40), *TRUE)


@pytest.fixture
def nothing():
    return np.zeros((40, 40), bool), np.zeros((40, 40), bool)


def test_basicirstd_worked_by_hand(score, scene):
    got = score("basicirstd", scene)
    expected = {
        "iou": 2 / 29,
        "niou": 2 / 29,
        "miou": 1 / 9,
        "pa": 2 / 14,
        "precision": 2 / 17,
        "recall": 2 / 14,
        "f1": 4 / 31,
        "pd": 1 / 3,
        "fa": 13 / 1600,
        "f_at": 2 / 3,
        "target_precision": 1 / 3,
        "target_f1": 1 / 3,
        "area_ratio": 1.0,
        "centroid_error": 1.0,
        "radius_error": 0.0,
    }
    assert {name: got[name] for name in expected} == pytest.approx(expected, rel=1e-9)
    raw = {"overlap": 2, "union": 29, "hits": 1, "targets": 3, "false_pixels": 13, "pixels": 1600, "false_targets": 2}
    assert {name: got[name] for name in raw} == raw


def test_lesps_cvpr23_forgets_the_false_target_with_a_matched_area(score, scene):
    got = score("lesps-cvpr23", scene)
    assert (got["hits"], got["targets"], got["false_pixels"], got["pixels"]) == (1, 3, 9, 1600)


def test_edgsp_adds_false_targets_and_a_mean_distance(score, scene):
    got = score("edgsp", scene)
    assert got["fa"] == 9 / 1600
    assert got["f_at"] == 2 / 3
    assert got["distance"] == pytest.approx(1 / (1 + 1e-5), rel=1e-12)


def test_pal_guards_niou_and_gives_an_empty_image_nothing(score, scene, nothing):
    got = score("pal", scene, nothing)
    assert got["niou"] == pytest.approx((2 / (29 + 1e-6) + 0) / 2, abs=1e-9)
    assert got["fa"] == 13 / 3200  # a difference of sums is the same count as V2


def test_acm_gives_an_empty_image_nothing_and_the_house_gives_it_one(score, scene, nothing):
    assert score("acm", scene, nothing)["niou"] == pytest.approx(1 / 29, abs=1e-9)
    assert score("basicirstd", scene, nothing)["niou"] == pytest.approx((2 / 29 + 1) / 2, abs=1e-9)


def test_acm_has_no_targets(score, scene):
    assert set(score("acm", scene)) & {"pd", "fa", "miou"} == set()


def test_mtu_hits_within_half_a_diameter_and_divides_by_its_block(score, scene):
    got = score("mtu", scene)  # radius of A: sqrt(4 / pi) = 1.13 > 1; of B: 1.69 < 4
    assert (got["hits"], got["targets"]) == (1, 3)
    assert got["fa"] == 9 / 1024**2
    assert got["niou_target"] == pytest.approx(1 / 9, abs=1e-9)


def test_mtu_counts_a_target_once_though_two_found_ones_hit_it(score, make_blocks):
    true = make_blocks((40, 40), (10, 10, 7, 7))
    found = make_blocks((40, 40), (11, 11, 2, 2), (14, 14, 2, 2))  # both within 3.9 px of (13, 13)
    got = score("mtu", (found, true))
    assert (got["hits"], got["targets"], got["false_targets"]) == (1, 1, 0)


@pytest.mark.parametrize("name", ["dtum", "dtum-released"])
def test_dtum_counts_shots(score, scene, name):
    # b lies 2 columns right of B, so no shot in B's 3 x 3 boxes, but all 9 in its 9 x 9 boxes; c's 4 pixels are false
    got = score(name, scene)
    assert (got["hits"], got["targets"], got["false_pixels"], got["pixels"]) == (1, 3, 4, 1600)


def test_dtum_finds_a_score_equal_to_the_threshold_and_the_others_do_not(score, make_blocks):
    true = make_blocks((40, 40), (10, 10, 2, 2))
    scores = true * np.float32(0.5)
    assert score("dtum", (scores, true))["pd"] == 1
    assert score("basicirstd", (scores, true))["pd"] == 0


def test_opdc_multiplies_quality_of_pairs_by_share_of_pairs(score, scene):
    got = score("opdc", scene)  # one pair of IoU 1/3, two found over, two true missed
    assert (got["tp"], got["fp"], got["fn"]) == (1, 2, 2)
    assert got["seg_iou"] == pytest.approx(1 / 3, abs=1e-9)
    assert got["loc_iou"] == 1 / 5
    assert got["hiou"] == pytest.approx(1 / 15, abs=1e-9)


def test_opdc_pairs_by_overlap_beyond_the_reach_of_a_distance(score, make_blocks):
    # 2 x 20 beside 2 x 12 of the same columns: centroids 4 px apart, IoU 24 / 40
    pair = make_blocks((40, 40), (10, 10, 2, 12)), make_blocks((40, 40), (10, 10, 2, 20))
    assert score("opdc", pair)["tp"] == 1
    assert score("basicirstd", pair)["hits"] == 0


def test_opdc_1_0_2_adds_phantoms_where_a_side_is_empty(score, scene, nothing):
    found, true = scene
    empty = nothing[0]
    for pair, phantoms in [
        ((empty, empty), (1, 1)),
        ((empty, true), (1, 0)),
        ((found, empty), (0, 1)),
        (scene, (0, 0)),
    ]:
        right, released = score("opdc", pair), score("opdc-1.0.2", pair)
        assert (released["fp"] - right["fp"], released["fn"] - right["fn"]) == phantoms
    assert (score("opdc", nothing)["fp"], score("opdc", nothing)["fn"]) == (0, 0)


@pytest.mark.parametrize("name", ["dnanet", "mshnet"])
def test_resized_profiles_double_a_frame_of_128(score, make_blocks, name):
    # every pixel becomes 2 x 2: a stays 2 px from A, areas are 16, 36, 16; the bug sees b's 36
    pair = make_blocks((128, 128), *FOUND), make_blocks((128, 128), *TRUE)
    got = score(name, pair)
    assert (got["hits"], got["targets"], got["false_pixels"], got["pixels"]) == (1, 3, 36, 256 * 256)
    assert got["iou"] == 2 / 29


@pytest.mark.parametrize(("name", "pixels"), [("dnanet", 256 * 256), ("mshnet", 512 * 512)])
def test_at_512_the_hit_is_lost_and_only_dnanet_keeps_the_old_size_below_the_line(score, make_blocks, name, pixels):
    # every pixel becomes 4 x 4: a is 4 px from A, so nothing matches and no area is forgotten: (4 + 9 + 4) * 16 = 272
    pair = make_blocks((128, 128), *FOUND), make_blocks((128, 128), *TRUE)
    got = score(name, pair, size=512)
    assert (got["hits"], got["false_pixels"], got["pixels"]) == (0, 272, pixels)


def test_a_resized_profile_takes_found_maps_of_its_own_size(score, make_blocks):
    small, large = make_blocks((128, 128), *TRUE), make_blocks((256, 256), *((2 * n for n in place) for place in TRUE))
    assert score("mshnet", (large, small))["iou"] == 1


def test_membership_bug_hides_eight_pixels_of_two_false_targets(score, make_blocks):
    # the toy: one true 2 x 2, found together with two false 2 x 2: V1 sees 0 false pixels, V2 sees 8
    true = make_blocks((40, 40), (5, 5, 2, 2))
    found = make_blocks((40, 40), (5, 5, 2, 2), (20, 5, 2, 2), (20, 20, 2, 2))
    assert score("lesps-cvpr23", (found, true))["false_pixels"] == 0
    assert score("basicirstd", (found, true))["false_pixels"] == 8


@pytest.mark.parametrize("name", PROFILES)
def test_nothing_found_of_nothing_true_is_no_error(score, nothing, name):
    got = score(name, nothing)
    assert np.isnan(got.get("iou", np.nan))
    assert np.isnan(got.get("pd", np.nan))
    assert got.get("fa", 0) == 0


@pytest.mark.parametrize("name", PROFILES)
def test_a_perfect_answer_is_perfect(score, scene, name):
    got = score(name, (scene[1], scene[1]))
    assert (got.get("iou", 1), got.get("pd", 1), got.get("fa", 0), got.get("hiou", 1)) == (1, 1, 0, 1)


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_crosses_processes_and_carries_its_name(name):
    profile = pickle.loads(pickle.dumps(build(PROFILES, name, {})))  # the pool of `scale.map` pickles
    assert profile.name == name


def test_sizes_that_differ_are_named(make_blocks):
    profile = build(PROFILES, "basicirstd", {})
    with pytest.raises(DataError, match=r"frame 7: found map is \(40, 40\), true mask is \(40, 41\)"):
        profile.compare(Pair(make_blocks((40, 40)), make_blocks((40, 41)), id="frame 7"))


def test_an_unknown_profile_is_suggested_and_an_unknown_option_refused():
    with pytest.raises(UnknownNameError, match="did you mean 'basicirstd'"):
        build(PROFILES, "basicirst", {}, "profile")
    with pytest.raises(OptionError, match="size"):
        build(PROFILES, "basicirstd", {"size": 256}, "profile")
