import numpy as np
import pytest

from glimt.core.clutter import boundary_ratio, clutter
from glimt.metrics.bins import boundary_bins, pd_by_contrast, pd_by_scale
from glimt.metrics.evaluate import evaluate
from glimt.metrics.pair import Pair
from glimt.metrics.profiles import basicirstd


@pytest.fixture
def pair(make_blocks):
    """Three targets: 20 px at 40 grey levels (missed), 4 px at 100 (hit), 150 px at 100, dark (hit)."""
    places = (10, 10, 4, 5), (10, 40, 2, 2), (40, 10, 10, 15)
    image = np.full((70, 70), 120 / 255, np.float32)
    for (top, left, rows, cols), level in zip(places, (160, 220, 20), strict=True):
        image[top : top + rows, left : left + cols] = np.float32(level / 255)
    return Pair(make_blocks((70, 70), *places[1:]), make_blocks((70, 70), *places), image)


def tables(*pairs):
    return evaluate(pairs, basicirstd(), (pd_by_scale(), pd_by_contrast(), boundary_bins())).tables


def test_scale_ranges_are_open_and_overlap(pair):
    table = tables(pair)["pd_by_scale"]
    assert table["below"] == [20, 40, 60, 80, 100, 120, 140]
    assert table["targets"] == [1, 2, 2, 2, 2, 2, 2]  # 20 px is not below 20; 150 px is in no range
    assert table["hits"] == [1, 1, 1, 1, 1, 1, 1]
    assert table["pd"] == [1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]


def test_contrast_ranges_are_in_grey_levels_and_take_dark_targets(pair):
    table = tables(pair)["pd_by_contrast"]
    assert table["below"] == [30, 60, 90, 120, 150]
    assert table["targets"] == [0, 1, 1, 3, 3]
    assert table["hits"] == [0, 0, 0, 2, 2]
    assert np.isnan(table["pd"][0])


def test_contrast_background_is_the_box_grown_by_three(pair):
    # a bright line 4 px above the dim target lies outside its box grown by three; 3 px above, inside
    outside, inside = pair.image.copy(), pair.image.copy()
    outside[6], inside[7] = 1, 1
    assert tables(Pair(pair.found, pair.true, outside))["pd_by_contrast"]["targets"][1] == 1
    background = (120 * 79 + 255 * 11) / 90
    assert abs(160 - background) < 30
    assert tables(Pair(pair.found, pair.true, inside))["pd_by_contrast"]["targets"][0] == 1


def test_boundary_groups_hold_mean_iou_and_success(make_blocks):
    """Oracle: rho of each target from core.clutter, grouped in a plain loop; IoU by hand."""
    image = np.random.default_rng(0).random((80, 80), dtype=np.float32) * 0.2
    places, lifts = ((10, 10, 3, 3), (10, 50, 3, 3), (50, 10, 4, 4)), (0.02, 0.7, 0.1)
    labels = np.zeros((80, 80), np.int32)
    for i, ((top, left, rows, cols), lift) in enumerate(zip(places, lifts, strict=True), start=1):
        labels[top : top + rows, left : left + cols] = i
        image[labels == i] += np.float32(lift)
    found = make_blocks((80, 80), (10, 10, 3, 2), (10, 50, 3, 3))
    rho, iou = boundary_ratio(clutter(image, labels)), [2 / 3, 1, 0]
    table = tables(Pair(found, labels > 0, image))["boundary"]
    assert sum(count > 0 for count in table["targets"]) == 3  # the three fall into groups of their own
    for i, (low, high) in enumerate(zip(table["from"], table["to"], strict=True)):
        inside = [value for value, r in zip(iou, rho, strict=True) if low <= r < (high or np.inf)]
        assert table["targets"][i] == len(inside)
        if inside:
            assert table["iou"][i] == pytest.approx(np.mean(inside), abs=1e-9)
            assert table["success"][i] == np.mean([value > 0.5 for value in inside])


def test_a_flat_target_on_a_flat_background_is_in_the_last_group(pair):
    table = tables(pair)["boundary"]  # sigma_T = 0, so the boundary is 0 and rho infinite
    assert table["targets"][-1] == 3
    assert table["to"][-1] is None


def test_without_frames_only_scale_is_known(pair):
    assert set(tables(Pair(pair.found, pair.true))) == {"pd_by_scale"}
