import numpy as np
import pytest

from glimt.metrics.evaluate import evaluate
from glimt.metrics.pair import Pair
from glimt.metrics.profiles import dtum, dtum_released


def counts(found, true, released):
    got = evaluate([Pair(found, true)], dtum_released() if released else dtum()).counts
    return got["hits"], got["targets"], got["false_pixels"]


# one target pixel, shot exactly; (row, col) of the target -> (hits, targets, false pixels) of the release
BORDER = {
    (0, 20): (0, 1, 1),  # both boxes would start at a negative row: missed, and its own shot is false
    (20, 0): (0, 1, 1),
    (1, 20): (
        1,
        1,
        1,
    ),  # the 3 x 3 box starts at row 0: hit; the 9 x 9 one would start at -3: the shot is false as well
    (3, 3): (1, 1, 1),
    (4, 4): (1, 1, 0),
    (39, 39): (1, 1, 0),  # the bottom and right borders were always right
}


@pytest.mark.parametrize(("place", "expected"), BORDER.items())
def test_the_release_loses_boxes_over_the_top_and_left_border(place, expected):
    mask = np.zeros((40, 40), bool)
    mask[place] = True
    assert counts(mask, mask, released=True) == expected
    assert counts(mask, mask, released=False) == (1, 1, 0)


@pytest.mark.parametrize(("away", "expected"), [(1, (1, 1, 0)), (2, (0, 1, 0)), (4, (0, 1, 0)), (5, (0, 1, 1))])
def test_a_shot_hits_within_one_pixel_and_is_false_beyond_four(away, expected):
    found, true = np.zeros((40, 40), bool), np.zeros((40, 40), bool)
    true[20, 20], found[20 + away, 20 - away] = True, True
    assert counts(found, true, released=False) == expected


@pytest.mark.parametrize("released", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_shots_are_counted_as_pixel_by_pixel(noisy, seed, released):
    pair = noisy[seed]
    shots = pair.found >= 0.5
    assert counts(pair.found, pair.true, released) == slow(shots, pair.true, released)


def slow(shots, true, released):
    """The rule pixel by pixel, with the slices of the release: `a[-1:2]` of a long axis is empty."""
    from scipy.ndimage import label

    labels, count = label(true, np.ones((3, 3)))
    hits, far = set(), np.ones(shots.shape, bool)
    for row, col in zip(*np.nonzero(true), strict=True):
        low = (lambda start: start) if released else (lambda start: max(start, 0))
        if shots[low(row - 1) : row + 2, low(col - 1) : col + 2].any():
            hits.add(labels[row, col])
        far[low(row - 4) : row + 5, low(col - 4) : col + 5] = False
    return len(hits), count, int((shots & far).sum())


def test_the_area_is_that_of_fifty_separate_evaluations(noisy):
    """Oracle: the trapezoid over (Fa, Pd) of the slow rule at each of the 50 thresholds."""
    points = []
    for threshold in np.linspace(0, 1, 50):
        each = np.array([slow(pair.found.astype(float) >= threshold, pair.true, False) for pair in noisy]).sum(axis=0)
        points.append((each[2] / sum(pair.true.size for pair in noisy), each[0] / each[1]))
    fa, pd = np.array(points[::-1]).T
    assert evaluate(noisy, dtum()).values["auc"] == pytest.approx(np.trapezoid(pd, fa), rel=1e-12)


def test_masks_have_no_area():
    true = np.zeros((20, 20), bool)
    true[10, 10] = True
    for found in (true, true.astype(np.float32)):
        assert "auc" not in evaluate([Pair(found, true)], dtum()).values
