import numpy as np
from scipy import ndimage

from glimt.core.targets import effective_radius, label, measure, targets


def test_targets_are_eight_connected_in_raster_order_with_exact_areas_and_centroids():
    """Two pixels that touch by a corner are one target of area 2, centroid (0.5, 3.5); an L of three at (2..3, 0..1)
    has the centroid (8/3, 1/3).
    """
    mask = np.zeros((5, 6), bool)
    mask[0, 3] = mask[1, 4] = True
    mask[2, 0] = mask[3, 0] = mask[3, 1] = True
    found = targets(mask)
    assert found.areas.tolist() == [2, 3]
    assert np.allclose(found.centroids, [[0.5, 3.5], [8 / 3, 1 / 3]])
    assert found.labels[1, 4] == 1
    assert np.allclose(effective_radius(found.areas) ** 2 * np.pi, [2, 3])


def test_labels_agree_with_scipy_on_noise():
    for seed in range(20):
        mask = np.random.default_rng(seed).random((37, 53)) > 0.6
        expected, count = ndimage.label(mask, structure=np.ones((3, 3)))
        labels, found = label(mask)
        assert found == count
        assert np.array_equal(labels, expected)


def test_blobs_at_every_border_keep_their_places():
    for row, col in ((0, 0), (0, 8), (6, 0), (6, 8), (3, 4)):
        mask = np.zeros((7, 9), bool)
        mask[row, col] = True
        labels, count = label(mask)
        assert (count, np.argwhere(labels).tolist()) == (1, [[row, col]])


def test_a_missing_region_has_no_area_and_no_centroid():
    found = measure(np.array([[0, 3, 3]], np.int32), 3)
    assert found.areas.tolist() == [0, 0, 2]
    assert np.isnan(found.centroids[0]).all()
    assert found.centroids[2].tolist() == [0.0, 1.5]


def test_an_empty_mask_has_no_targets():
    found = targets(np.zeros((4, 4), bool))
    assert (len(found.areas), found.centroids.shape) == (0, (0, 2))
