import base64

import cv2
import numpy as np

from glimt.report.overlay import CLICK, FOUND, TRUE, data_uri, frame_with_box, magnify, outline, overlay


def square(size, rows, cols):
    mask = np.zeros((size, size), dtype=bool)
    mask[rows, cols] = True
    return mask


def is_colour(picture, colour):
    return (picture == np.array(colour, dtype=np.uint8)).all(axis=2)


def test_magnified_pixels_are_squares_of_one_colour():
    picture = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    large = magnify(picture, 3)
    assert large.shape == (6, 6, 3)
    assert (large[3:, :3] == picture[1, 0]).all()


def test_an_outline_runs_along_the_edges_of_the_masks_pixels():
    # One pixel at (2, 2), ten times: its square is 20..29, and the line covers two pixels to either side of its edges.
    edge = outline(square(5, 2, 2), 10)
    expected = np.zeros((50, 50), dtype=bool)
    expected[18:32, 18:32] = True
    expected[22:28, 22:28] = False
    assert np.array_equal(edge, expected)


def test_a_mask_that_fills_the_frame_has_no_outline():
    assert not outline(np.ones((4, 4), dtype=bool), 8).any()


def test_found_is_solid_true_is_dashed_and_both_alternate():
    image = np.zeros((9, 9), dtype=np.float32)
    image[0, 0] = 1
    mask = square(9, slice(3, 6), slice(3, 6))
    edge = outline(mask, 10)
    alone, true, both = (
        overlay(image, mask, scale=10),
        overlay(image, true=mask, scale=10),
        overlay(image, mask, mask, scale=10),
    )
    assert np.array_equal(is_colour(alone, FOUND), edge)
    assert not (is_colour(true, TRUE) & ~edge).any()
    assert 0.4 < is_colour(true, TRUE).sum() / edge.sum() < 0.6
    assert np.array_equal(is_colour(both, TRUE), is_colour(true, TRUE))
    assert np.array_equal(is_colour(both, FOUND), edge & ~is_colour(true, TRUE))


def test_a_point_is_marked_at_the_middle_of_its_pixel():
    image = np.zeros((9, 9), dtype=np.float32)
    marked = is_colour(overlay(image, points=np.array([[4.0, 2.0]]), scale=10), CLICK)
    rows, cols = np.nonzero(marked)
    assert abs(rows.mean() - 44.5) <= 1
    assert abs(cols.mean() - 24.5) <= 1


def test_found_and_true_differ_in_lightness_by_colour_vision_of_any_kind():
    # Luma of BT.709: even without hue the two lines are 10 % apart, and the dashes tell them from each other.
    luma = [np.dot(colour, (0.2126, 0.7152, 0.0722)) / 255 for colour in (FOUND, TRUE)]
    assert abs(FOUND[2] - TRUE[2]) > 200  # blue against none: seen by protan and deutan eyes
    assert abs(FOUND[0] - TRUE[0]) > 100  # red against little: seen by tritan eyes
    assert min(luma) > 0.5  # both light: they show on dark infrared frames


def test_a_large_frame_is_shown_small_with_its_window_in_place():
    picture = frame_with_box(
        np.random.default_rng(0).random((400, 800)).astype(np.float32), (slice(100, 200), slice(400, 500)), 200
    )
    assert picture.shape == (100, 200, 3)
    rows, cols = np.nonzero(is_colour(picture, CLICK))
    assert (rows.min(), rows.max(), cols.min(), cols.max()) == (25, 49, 100, 124)


def test_an_address_holds_the_picture_to_the_bit():
    picture = np.random.default_rng(0).integers(0, 255, (7, 9, 3), dtype=np.uint8)
    code = base64.b64decode(data_uri(picture).removeprefix("data:image/png;base64,"))
    read = cv2.imdecode(np.frombuffer(code, dtype=np.uint8), cv2.IMREAD_COLOR)
    assert np.array_equal(read[..., ::-1], picture)
