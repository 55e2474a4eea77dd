"""Points as a map, against the formula written out pixel by pixel; clicks on samples."""

from math import exp, log

import numpy as np
import pytest

from glimt.core.errors import DataError
from glimt.core.types import Sample
from glimt.data.clicks import drawn_on, given_on, kind_or_file
from glimt.data.prompts import gaussian, pixel, prompt_map


def slow(points, shape, fwhm):
    """The largest exp(-4 ln 2 r^2 / fwhm^2) over all points, at each pixel."""

    def value(row, col):
        squares = [(row - r) ** 2 + (col - c) ** 2 for r, c in points]
        return max((exp(-4 * log(2) * square / fwhm**2) for square in squares), default=0.0)

    return [[value(row, col) for col in range(shape[1])] for row in range(shape[0])]


def test_a_gaussian_is_one_at_its_point_and_a_half_two_pixels_away():
    """A full width at half maximum of 4 px."""
    seen = prompt_map(np.array([[10.0, 12.0]]), (32, 32), gaussian(4.0))
    assert seen[10, 12] == 1
    assert [seen[at] for at in ((8, 12), (12, 12), (10, 10), (10, 14))] == pytest.approx([0.5] * 4)
    assert seen[9, 11] == pytest.approx(2 ** (-2 / 4))  # r^2 = 2 of (fwhm / 2)^2 = 4


@pytest.mark.parametrize("fwhm", [1.0, 4.0, 7.5])
def test_the_map_is_the_formula_at_every_pixel_also_in_corners_and_between_neighbours(fwhm):
    points = np.array([[0.0, 0.0], [10.2, 11.6], [10.0, 15.0], [19.0, 29.4], [2.0, 29.0]])
    seen = prompt_map(points, (20, 30), gaussian(fwhm))
    np.testing.assert_allclose(seen, slow(np.rint(points), (20, 30), fwhm), atol=1e-6)


def test_a_pixel_stands_at_each_point_and_nothing_else():
    seen = prompt_map(np.array([[0.0, 3.0], [5.0, 5.0]]), (6, 6), pixel())
    assert np.argwhere(seen).tolist() == [[0, 3], [5, 5]]
    assert seen.max() == 1


def test_no_points_are_a_map_of_zeros():
    seen = prompt_map(np.zeros((0, 2)), (5, 7), gaussian(4.0))
    assert seen.shape == (5, 7)
    assert not seen.any()


def test_a_gaussian_without_width_is_refused():
    with pytest.raises(ValueError, match="fwhm is 0; choose more than 0 pixels"):
        gaussian(0)


@pytest.fixture
def sample():
    label = np.zeros((30, 30), np.float32)
    label[3:8, 4:9] = label[20:23, 11:20] = 1
    return Sample("a", np.zeros((30, 30), np.float32), np.array([[1.0, 1.0]]), label)


def test_drawn_clicks_lie_in_the_targets_and_are_the_same_each_time(sample):
    assert drawn_on(sample, "centroid", 0).points.tolist() == [[5, 6], [21, 15]]
    one, again, other = (drawn_on(sample, "interior", seed).points for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)
    assert all(sample.label[int(row), int(col)] == 1 for row, col in one)


def test_given_clicks_replace_others_and_a_frame_that_is_not_named_has_none(sample):
    assert given_on(sample, {"a": np.array([[4.0, 4.0]])}).points.tolist() == [[4, 4]]
    assert given_on(sample, {"b": np.array([[4.0, 4.0]])}).points.shape == (0, 2)
    with pytest.raises(DataError, match=r"a: point \(row 30, col 4\) is outside the frame of 30 rows x 30 cols"):
        given_on(sample, {"a": np.array([[30.0, 4.0]])})


def test_what_is_neither_a_kind_nor_a_file_is_said_to_be_so(tmp_path):
    assert kind_or_file("coarse", "--points") == "coarse"
    assert kind_or_file(str(tmp_path), "--points") == tmp_path
    with pytest.raises(DataError, match=r"^--points is centriod: neither a file nor a kind of click \(centroid, floor"):
        kind_or_file("centriod", "--points")
