"""Squares around points: positions at the border by hand, every pixel against a frame padded on all sides."""

from dataclasses import replace

import numpy as np
import pytest

from glimt.core.catalog import build
from glimt.core.errors import OptionError
from glimt.core.types import Sample
from glimt.data.augment import AUGMENTATIONS
from glimt.data.augment.centre import Centre, corner_of, cut_around, overlap
from glimt.data.augment.step import Pipeline


def coded(shape, *points):
    """A frame in which every pixel has a value of its own, below one; the label tells odd numbers."""
    codes = np.arange(1, shape[0] * shape[1] + 1, dtype=np.float32).reshape(shape)
    label = (codes % 2).astype(np.float32)
    return Sample("one", codes / 2**15, np.array(points, dtype=float).reshape(-1, 2), label)


def rng(seed):
    return np.random.default_rng(seed)


def test_a_square_at_the_corner_is_filled_above_and_to_the_left():
    """Side 4, point (0, 0): the corner is (-2, -2), so that the point is the third pixel each way."""
    got = Centre(4, 0.5)(coded((3, 3), (0, 0)), rng(0))
    assert (got.image * 2**15).tolist() == [[16384] * 4, [16384] * 4, [16384] * 2 + [1, 2], [16384] * 2 + [4, 5]]
    assert got.label.tolist() == [[0] * 4, [0] * 4, [0, 0, 1, 0], [0, 0, 0, 1]]
    assert got.points.tolist() == [[2, 2]]


def test_a_square_at_the_other_corner_is_filled_below_and_to_the_right():
    """Side 5, point (2, 2) of a 3 x 3 frame: the corner is (0, 0), the frame is its first three rows and columns."""
    got = Centre(5, 0.25)(coded((3, 3), (2, 2)), rng(0))
    assert (got.image[:3, :3] * 2**15).tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    assert (got.image[3:] == 0.25).all()
    assert (got.image[:, 3:] == 0.25).all()
    assert got.points.tolist() == [[2, 2]]


def test_a_square_larger_than_the_frame_holds_all_of_it():
    got = cut_around(coded((2, 3), (1, 0)), np.array([1.0, 0.0]), 8, 0.0)
    assert (got.image[3:5, 4:7] * 2**15).tolist() == [[1, 2, 3], [4, 5, 6]]  # the corner is (1 - 4, 0 - 4)
    assert np.count_nonzero(got.image) == 6


@pytest.mark.parametrize("size", [1, 2, 7, 16, 40])
def test_every_pixel_is_that_of_a_frame_padded_on_all_sides(size):
    wide = 40
    for seed in range(30):
        point = rng(seed).uniform(-0.49, np.array([17, 22]) - 0.51)
        sample = coded((17, 22), point)
        row, col = np.rint(point).astype(int) + wide - size // 2
        for name, fill in (("image", np.float32(0.3)), ("label", 0)):
            padded = np.pad(getattr(sample, name), wide, constant_values=fill)
            got = getattr(cut_around(sample, point, size, 0.3), name)
            np.testing.assert_array_equal(got, padded[row : row + size, col : col + size])
            assert got.dtype == np.float32


def test_points_move_along_and_those_outside_go():
    """Side 6 around (10, 10): rows and columns 7 to 12. A point belongs to the pixel whose middle it is nearest to."""
    sample = coded((30, 30), (7, 12), (10.4, 9.6), (13, 10), (12.49, 7), (6.4, 8), (20, 20))
    got = cut_around(sample, np.array([10.0, 10.0]), 6, 0.0)
    np.testing.assert_allclose(got.points, [[0, 5], [3.4, 2.6], [5.49, 0]])
    assert corner_of(np.array([10.4, 9.6]), 6).tolist() == [7, 7]


def test_the_frame_and_the_square_share_the_pixels_that_both_have():
    there, here = overlap(np.array([-2, 5]), 6, (9, 8))  # rows -2..3, columns 5..10 of a frame of 9 x 8
    assert there == np.s_[0:4, 5:8]
    assert here == np.s_[2:6, 0:3]


def test_each_point_is_as_likely_to_be_the_middle():
    sample = coded((40, 40), (3, 3), (20, 20), (39, 0))
    middles = [round(float(Centre(5)(sample, rng(seed)).image[2, 2]) * 2**15) - 1 for seed in range(600)]
    counts = [middles.count(row * 40 + col) for row, col in ((3, 3), (20, 20), (39, 0))]
    assert sum(counts) == 600
    assert abs(np.array(counts) - 200).max() < 58  # five standard deviations


def test_a_frame_without_points_gives_a_square_anywhere_in_it():
    sample = coded((9, 9))
    firsts = {round(float(Centre(8)(sample, rng(seed)).image[0, 0]) * 2**15) for seed in range(60)}
    assert firsts == {1, 2, 10, 11}  # the four corners that fit
    assert (Centre(12, 0.5)(sample, rng(0)).image[9:] == 0.5).all()
    assert Centre(8)(replace(sample, label=None), rng(0)).label is None


def test_the_preset_fills_with_the_mean_and_mirrors():
    made = build(AUGMENTATIONS, "centre", {"size": 9, "mean": 0.4}, "augmentation")
    assert isinstance(made, Pipeline)
    images = [made(coded((20, 20), (0, 0)), rng(seed)).image for seed in range(40)]
    assert all(image.shape == (9, 9) for image in images)
    assert all((image == np.float32(0.4)).sum() == 81 - 25 for image in images)  # the frame is one quarter of it
    assert all(image[4, 4] == np.float32(2**-15) for image in images)  # an odd side keeps its middle when mirrored
    assert len({image.tobytes() for image in images}) == 8


@pytest.mark.parametrize(
    ("options", "message"), [({"size": 0}, "size is 0; choose at least 1 pixel"), ({"mean": 90.0}, "fill is 90.0")]
)
def test_a_wrong_option_is_one_clear_line(options, message):
    with pytest.raises(OptionError, match=message):
        build(AUGMENTATIONS, "centre", options, "augmentation")
