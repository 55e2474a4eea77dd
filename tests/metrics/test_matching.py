import numpy as np
import pytest

from glimt.core.targets import Targets, targets
from glimt.metrics.cutout import targets_on_cutout
from glimt.metrics.matching import greedy_first, hungarian, nearest
from glimt.metrics.overlap import instance_ious


def at(*centroids):
    """Targets of area 1 at the given centroids."""
    return Targets(
        np.zeros((1, 1), np.int32), np.array(centroids, float).reshape(-1, 2), np.ones(len(centroids), np.int64)
    )


def pairs(matches):
    return sorted(zip(matches.found.tolist(), matches.true.tolist(), strict=True))


def test_greedy_first_passes_over_a_nearer_target():
    assert pairs(greedy_first(at((10, 12), (10, 10)), at((10, 10)))) == [(0, 0)]
    assert pairs(nearest(at((10, 12), (10, 10)), at((10, 10)))) == [(1, 0)]


def test_greedy_first_can_waste_a_target_that_an_assignment_saves():
    # the only found target within reach of the second true one is taken by the first, which had another
    found, true = at((10, 12), (10, 8)), at((10, 10), (10, 14))
    assert pairs(greedy_first(found, true)) == [(0, 0)]
    assert pairs(hungarian(found, true)) == [(0, 1), (1, 0)]


def test_hungarian_prefers_one_pair_more_to_shorter_distances():
    found, true = at((0, 0), (0, 2.9)), at((0, 2.9), (0, 5.8))
    assert pairs(nearest(found, true)) == [(1, 0)]
    assert pairs(hungarian(found, true)) == [(0, 0), (1, 1)]


@pytest.mark.parametrize("matcher", [greedy_first, nearest, hungarian])
def test_three_pixels_is_too_far(matcher):
    assert pairs(matcher(at((10, 13)), at((10, 10)))) == []
    assert pairs(matcher(at((10, 12.999)), at((10, 10)))) == [(0, 0)]


@pytest.mark.parametrize("matcher", [greedy_first, nearest, hungarian])
@pytest.mark.parametrize(("found", "true"), [((), ()), ((), ((1, 1),)), (((1, 1),), ())])
def test_empty_sides_match_nothing(matcher, found, true):
    assert pairs(matcher(at(*found), at(*true))) == []


@pytest.mark.parametrize("seed", range(5))
def test_greedy_first_equals_the_loop_it_describes(seed):
    rng = np.random.default_rng(seed)
    found, true = at(*rng.uniform(0, 12, (9, 2))), at(*rng.uniform(0, 12, (7, 2)))
    free, expected = list(range(9)), []
    for j in range(7):
        for i in free:
            if np.linalg.norm(found.centroids[i] - true.centroids[j]) < 3:
                free.remove(i)
                expected.append((i, j))
                break
    assert pairs(greedy_first(found, true)) == sorted(expected)


@pytest.mark.parametrize("seed", range(20))
def test_a_cutout_has_the_targets_of_the_frame(seed):
    rng = np.random.default_rng(seed)
    masks = rng.random((2, 30, 40)) < rng.choice([0.0, 0.01, 0.1, 0.5], (2, 1, 1))
    for seen, mask in zip(targets_on_cutout(*masks), masks, strict=True):
        whole = targets(mask)
        np.testing.assert_array_equal(seen.areas, whole.areas)
        np.testing.assert_array_equal(seen.centroids, whole.centroids)  # to the bit: no threshold hangs on a rounding
        assert np.bincount(seen.labels.ravel())[1:].tolist() == whole.areas.tolist()


def test_diagonal_neighbours_are_one_target():
    assert len(targets_on_cutout(np.eye(3, dtype=bool), np.zeros((3, 3), bool))[0].areas) == 1


def test_instance_ious_compare_by_number():
    found = np.array([[1, 1, 0, 2], [0, 0, 0, 2]], np.int32)
    true = np.array([[1, 0, 0, 3], [0, 0, 2, 2]], np.int32)
    assert instance_ious(found, true, 3).tolist() == [1 / 2, 1 / 3, 0]
