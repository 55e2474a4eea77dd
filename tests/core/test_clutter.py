import numpy as np
import pytest

from glimt.core.clutter import boundary, boundary_ratio, clutter, contrast, scr, uniformity


@pytest.fixture
def frame():
    """Rows alternate 0.2 and 0.4: mean 0.3, spread 0.1. A 2 x 2 target of 0.6, 0.6, 0.8, 0.8: mean 0.7, spread 0.1."""
    image = np.full((60, 60), 0.2, np.float32)
    image[1::2] = 0.4
    instances = np.zeros((60, 60), np.int32)
    instances[30:32, 30:32] = 1
    image[30, 30:32], image[31, 30:32] = 0.6, 0.8
    return image, instances


def test_a_target_is_measured_against_its_grown_box(frame):
    around = clutter(
        *frame, margin=2
    )  # rows 28..33, cols 28..33: 36 pixels, 4 of them the target, 16 of each grey level
    assert around.areas.tolist() == [4]
    np.testing.assert_allclose([around.means[0], around.spreads[0]], [0.7, 0.1], rtol=1e-6)
    np.testing.assert_allclose([around.mean_around[0], around.spread_around[0]], [0.3, 0.1], rtol=1e-6)
    np.testing.assert_allclose(contrast(around), 0.4, rtol=1e-6)
    np.testing.assert_allclose(scr(around), 4, rtol=1e-6)  # 0.4 / 0.1
    np.testing.assert_allclose(uniformity(around), 1, rtol=1e-6)


def test_boundary_is_equation_nine_of_paper_001():
    # n = 4, R_s = 20, gamma = 2: 1 / (4 ln 4) = 0.18033688, 1 / (2 pi 400) = 0.00039789
    # sqrt(8 * 0.17993899) / 2 = 0.59989831
    np.testing.assert_allclose(boundary(np.array([4.0]), np.array([2.0])), 0.59989831, rtol=1e-7)


def test_boundary_is_zero_where_the_support_alone_stops_the_growth():
    # n ln n at 440 is 2678 > 2 pi 20^2 = 2513; at 410 it is 2467
    needed = boundary(np.array([440.0, 410.0]), np.ones(2))
    assert needed[0] == 0 < needed[1]


def test_boundary_ratio_is_scr_over_boundary(frame):
    around = clutter(*frame)
    expected = scr(around) / boundary(around.areas, uniformity(around))
    np.testing.assert_allclose(boundary_ratio(around), expected, rtol=1e-12)


def test_boundary_ratio_stays_defined_on_a_flat_background(frame):
    image, instances = frame
    around = clutter(np.where(instances > 0, image, np.float32(0.25)), instances)
    assert np.isinf(scr(around))[0]
    np.testing.assert_allclose(boundary_ratio(around), 0.45 / (0.1 * 2 * 0.59989831), rtol=1e-5)


def test_a_single_pixel_never_satisfies_the_boundary():
    image, instances = np.zeros((9, 9), np.float32), np.zeros((9, 9), np.int32)
    image[4, 4], instances[4, 4] = 1, 1
    assert boundary_ratio(clutter(image, instances)).tolist() == [0]


def test_a_missing_instance_and_a_full_window_are_not_numbers():
    instances = np.full((4, 4), 2, np.int32)
    around = clutter(np.ones((4, 4), np.float32), instances, count=3)
    assert around.areas.tolist() == [0, 16, 0]
    assert np.isnan(contrast(around)).all()


def test_neighbouring_targets_are_not_background():
    image, instances = np.zeros((9, 9), np.float32), np.zeros((9, 9), np.int32)
    image[4, 2], image[4, 5] = 1, 1
    instances[4, 2], instances[4, 5] = 1, 2
    assert clutter(image, instances).mean_around.tolist() == [0, 0]


def test_dark_targets_have_negative_contrast_and_positive_scr(frame):
    image, instances = frame
    around = clutter(1 - image, instances)
    assert contrast(around)[0] < 0 < scr(around)[0]


def test_no_targets_give_empty_statistics():
    assert len(clutter(np.zeros((5, 5), np.float32), np.zeros((5, 5), np.int32)).areas) == 0
