"""What every labeler must do, whatever its name."""

import numpy as np
import pytest

from glimt.core.catalog import build
from glimt.core.errors import DataError, OptionError, UnknownNameError
from glimt.labelers import LABELERS
from glimt.labelers.labeler import draw

NAMES = sorted(LABELERS)


def two_blobs(size=64, between=9.0, dark=False):
    """A smooth frame with noise and two Gaussian blobs `between` columns apart; their mask and centres."""
    rng = np.random.default_rng(3)
    rows, cols = np.indices((size, size))
    image = 0.4 + 0.01 * rng.standard_normal((size, size)) + 0.001 * rows
    centres = np.array([[30.0, 24.0], [30.0, 24.0 + between]])
    mask = np.zeros((size, size), bool)
    for row, col in centres:
        bump = np.exp(-((rows - row) ** 2 + (cols - col) ** 2) / 4.5)
        image += (-0.3 if dark else 0.4) * bump
        mask |= bump > 0.33
    return np.clip(image, 0, 1).astype(np.float32), mask, centres


@pytest.mark.parametrize("name", NAMES)
class TestEveryLabeler:
    def test_each_point_lies_in_its_own_target(self, name):
        image, _, points = two_blobs()
        instances = build(LABELERS, name, {})(image, points)
        assert [instances[int(row), int(col)] for row, col in points] == [1, 2]
        assert instances.max() == 2

    @pytest.mark.parametrize("between", [1.0, 2.0, 3.0, 5.0])
    def test_close_points_share_no_pixel_and_both_keep_their_own(self, name, between):
        image, _, points = two_blobs(between=between)
        instances = build(LABELERS, name, {})(image, points)
        assert [instances[int(row), int(col)] for row, col in points] == [1, 2]
        alone = build(LABELERS, name, {})(image, points[:1])
        assert (instances == 1).sum() <= max((alone == 1).sum(), 25)

    def test_targets_are_drawn_better_than_chance(self, name):
        image, mask, points = two_blobs()
        found = build(LABELERS, name, {})(image, points) > 0
        assert (found & mask).sum() / (found | mask).sum() > 0.4

    def test_no_points_give_an_empty_mask(self, name):
        image, _, _ = two_blobs()
        assert not build(LABELERS, name, {})(image, np.zeros((0, 2))).any()

    @pytest.mark.parametrize("corner", [(0.0, 0.0), (63.0, 63.0), (0.0, 63.0)])
    def test_a_point_in_a_corner_is_no_error(self, name, corner):
        image, _, _ = two_blobs()
        instances = build(LABELERS, name, {})(image, np.array([corner]))
        assert instances[int(corner[0]), int(corner[1])] == 1

    def test_a_point_outside_is_refused_with_the_size_of_the_frame(self, name):
        image, _, _ = two_blobs()
        with pytest.raises(DataError, match=r"row 64.*outside.*64 rows x 64 cols"):
            build(LABELERS, name, {})(image, np.array([[64.0, 3.0]]))

    @pytest.mark.parametrize("shape", [(1, 1), (1, 40), (3, 3)])
    def test_a_tiny_frame_is_no_error(self, name, shape):
        image = np.random.default_rng(0).random(shape).astype(np.float32)
        assert build(LABELERS, name, {})(image, np.array([[0.0, 0.0]])).shape == shape


@pytest.mark.parametrize("name", ["pamg", "pmg", "fuse"])
def test_a_dark_target_is_drawn_like_a_bright_one(name):
    image, mask, points = two_blobs(dark=True)
    drawing = draw(build(LABELERS, name, {}), image, points)
    assert drawing.sign.tolist() == [-1, -1]
    found = drawing.instances > 0
    assert (found & mask).sum() / (found | mask).sum() > 0.6


@pytest.mark.parametrize("name", ["pamg", "fuse"])
def test_a_click_on_a_constant_region_is_one_pixel_of_no_quality(name):
    drawing = draw(build(LABELERS, name, {}), np.full((50, 50), 0.5, np.float32), np.array([[25.0, 25.0]]))
    assert (drawing.instances > 0).sum() == 1
    assert drawing.quality.tolist() == [0.0]


def test_a_box_is_the_square_around_the_point():
    instances = build(LABELERS, "box", {"side": 3})(np.zeros((6, 6), np.float32), np.array([[1.0, 1.0], [1.0, 3.0]]))
    assert instances.tolist() == [
        [1, 1, 1, 2, 2, 0],  # column 2 is as near to both: the first keeps it
        [1, 1, 1, 2, 2, 0],
        [1, 1, 1, 2, 2, 0],
        [0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0],
    ]


def test_p2b_drops_what_lies_outside_the_box():
    image, _, points = two_blobs()
    boxes = build(LABELERS, "pmg", {}).boxes(image, points)
    free, boxed = build(LABELERS, "pamg", {})(image, points), build(LABELERS, "p2b", {"labeler": "pamg"})(image, points)
    for i, (top, left, bottom, right) in enumerate(boxes, start=1):
        inside = np.zeros_like(free, bool)
        inside[top:bottom, left:right] = True
        assert np.array_equal(boxed == i, (free == i) & inside)


def test_guided_pamg_takes_one_support_radius_a_point():
    image, _, points = two_blobs()
    pamg = build(LABELERS, "pamg", {"support": 9.0})
    assert np.array_equal(pamg.guided(image, points, np.array([9.0, 9.0])).instances, pamg(image, points))
    small = pamg.guided(image, points, np.array([1.2, 9.0])).instances
    assert (small == 1).sum() <= 4 < (small == 2).sum()  # pi 1.2^2 = 4 pixels at most


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("fuze", {}, "did you mean 'fuse'"),
        ("fuse", {"taw": 0.3}, "option 'taw'"),
        ("fuse", {"tau": 1.5}, "between 0 and 1"),
        ("box", {"side": 4}, "odd"),
        ("pamg", {"support": 0}, "support is 0; choose a value from 0.5 to 1000"),
        ("pamg", {"support": float("nan")}, "support is nan"),
        ("fuse", {"reach": -3}, "reach is -3"),
        ("pmg", {"length": 0}, "length is 0"),
        ("p2b", {"depth": -1}, "depth is -1"),
        ("pamg", {"polarity": "grey"}, "polarity"),
        ("p2b", {"labeler": "pang"}, "did you mean 'pamg'"),
    ],
)
def test_a_wrong_name_or_option_is_one_clear_line(name, options, message):
    with pytest.raises((UnknownNameError, OptionError), match=message):
        build(LABELERS, name, options)(np.zeros((5, 5), np.float32), np.array([[2.0, 2.0]]))


def test_a_labeler_is_a_value_that_crosses_processes():
    import pickle

    for name in NAMES:
        labeler = build(LABELERS, name, {})
        assert pickle.loads(pickle.dumps(labeler)) == labeler
