"""BBM against toys worked by hand and a slow, plain reading of the rule (peers.md 3.6: r0-1 <= y <= r1, inclusive)."""

import numpy as np
import pytest
from scipy import ndimage

from glimt.core.box_matching import match_boxes


def mask_of(*boxes, size=16):
    """A mask with the half-open boxes (top, left, bottom, right) filled."""
    mask = np.zeros((size, size), bool)
    for top, left, bottom, right in boxes:
        mask[top:bottom, left:right] = True
    return mask


def owners(mask, points):
    """Which instances have pixels."""
    return sorted(set(match_boxes(mask, np.array(points, float).reshape(-1, 2)).ravel().tolist()) - {0})


# A blob of rows 5..7 and cols 4..8: its half-open box is (5, 4, 8, 9)


@pytest.mark.parametrize(
    ("point", "found"),
    [
        ((6, 6), True),
        ((4, 6), True),  # one px above
        ((8, 6), True),  # one px below: row 8 is the box's open end
        ((6, 3), True),
        ((6, 9), True),
        ((4, 3), True),  # and off a corner
        ((8, 9), True),
        ((3, 6), False),  # two px
        ((9, 6), False),
        ((6, 2), False),
        ((6, 10), False),
        ((8.9, 6), True),  # is pixel row 8
    ],
)
def test_a_click_one_pixel_beside_the_box_has_the_blob_and_two_pixels_beside_has_not(point, found):
    blob = mask_of((5, 4, 8, 9))
    instances = match_boxes(blob, np.array([point], float))
    assert np.array_equal(instances, blob.astype(int) * found)


def test_blobs_without_a_click_are_dropped():
    blob, clutter = (2, 2, 4, 4), (10, 10, 13, 12)
    assert np.array_equal(match_boxes(mask_of(blob, clutter), np.array([[3.0, 3.0]])), mask_of(blob).astype(int))


def test_two_points_in_one_blob_leave_the_second_in_raster_order_without():
    assert owners(mask_of((5, 5, 8, 8)), [(7, 7), (5, 5)]) == [2]  # (5, 5) comes first, though it is given last


def test_the_second_of_two_points_in_one_blob_takes_another_whose_box_it_is_in():
    mask = mask_of((2, 2, 4, 4), (5, 2, 7, 4))  # row 4 lies between the two
    instances = match_boxes(mask, np.array([[4.0, 2.0], [4.0, 3.0]]))
    assert (instances == 1).sum() == 4
    assert instances[2, 2] == 1
    assert instances[5, 2] == 2


def test_points_whose_boxes_overlap_go_in_raster_order():
    hook = mask_of((2, 2, 3, 9), (2, 2, 9, 3))  # an angle, box (2, 2, 9, 9)
    dot = mask_of((6, 6, 8, 8))  # within the angle's box, apart from it
    instances = match_boxes(hook | dot, np.array([[6.0, 6.0], [2.0, 2.0]]))
    assert np.array_equal(instances, 2 * hook + 1 * dot)  # (2, 2) goes first and takes the angle; (6, 6) has the dot
    # alone, the click in the dot takes the angle: the first blob whose box it is in. That is the rule, not a wish.
    assert np.array_equal(match_boxes(hook | dot, np.array([[6.0, 6.0]])), hook.astype(int))


def test_blobs_that_touch_at_a_corner_are_one():
    mask = mask_of((2, 2, 4, 4), (4, 4, 6, 6))
    assert np.array_equal(match_boxes(mask, np.array([[2.0, 2.0]])), mask.astype(int))


@pytest.mark.parametrize("points", [np.zeros((0, 2)), np.array([[1.0, 1.0]])])
def test_an_empty_mask_and_no_points_give_no_instance(points):
    assert not match_boxes(np.zeros((8, 8), bool), points).any()
    assert not match_boxes(np.ones((8, 8), bool), np.zeros((0, 2))).any()


def test_a_view_of_a_mask_is_matched_like_the_mask():
    mask = mask_of((5, 4, 8, 9))
    assert np.array_equal(match_boxes(mask.T, np.array([[6.0, 6.0]])), mask.T.astype(int))


def slow_matching(mask, points):
    """The rule read word by word, one blob and one point after the other."""
    parts, count = ndimage.label(mask, np.ones((3, 3)))
    blobs = []
    for part in range(1, count + 1):
        pixels = [tuple(at) for at in np.argwhere(parts == part).tolist()]
        blobs.append(sorted(pixels))
    blobs.sort()  # by first pixel
    instances = np.zeros(mask.shape, int)
    for row, col, i in sorted((int(row), int(col), i) for i, (row, col) in enumerate(points)):
        for pixels in blobs:
            rows, cols = [r for r, _ in pixels], [c for _, c in pixels]
            if min(rows) - 1 <= row <= max(rows) + 1 and min(cols) - 1 <= col <= max(cols) + 1:
                for at in pixels:
                    instances[at] = i + 1
                blobs.remove(pixels)
                break
    return instances


@pytest.mark.parametrize("seed", range(20))
def test_random_masks_are_matched_as_the_slow_reading_of_the_rule_says(seed):
    rng = np.random.default_rng(seed)
    mask = ndimage.binary_opening(rng.random((40, 33)) < 0.55)
    points = rng.random((12, 2)) * mask.shape
    expected = slow_matching(mask, points)
    assert expected.any()
    assert np.array_equal(match_boxes(mask, points), expected)
