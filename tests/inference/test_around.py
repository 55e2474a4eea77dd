"""Asking a network about the square around each point: a local network answers as it does for the whole frame."""

import numpy as np
import pytest
from bright_network import bright, write_bright
from told_network import Told

from glimt.cli.label import options_of
from glimt.core.errors import OptionError
from glimt.core.types import Sample
from glimt.inference.around import ask_around
from glimt.inference.checkpoint import Card, write_checkpoint
from glimt.inference.labeler import Learned
from glimt.inference.model import load_model
from glimt.labelers.labeler import draw
from glimt.labelers.make import make_labeler


@pytest.fixture
def run(tmp_path):
    """A run of a network that finds what is brighter than 0.375."""
    write_bright(tmp_path / "run" / "checkpoints" / "last.safetensors")
    return tmp_path / "run"


def squares(shape, points, side, rng):
    """A frame with a bright square of its own grey at each point; odd sides have the point in the middle."""
    image = 0.3 * rng.random(shape, dtype=np.float32)
    for row, col in points:
        image[max(0, row - side // 2) : row + side // 2 + 1, max(0, col - side // 2) : col + side // 2 + 1] = (
            rng.uniform(0.5, 1)
        )
    return image


def points_of(*points):
    return np.array(points, float).reshape(-1, 2)


def ones(sample):
    return np.ones(sample.image.shape, np.float32)


@pytest.mark.parametrize("size", [16, 17, 64, 200])
def test_a_local_network_draws_what_it_draws_on_the_whole_frame(run, size):
    rng = np.random.default_rng(size)
    for _ in range(5):
        points = rng.permutation([(12, 12), (12, 45), (40, 20), (70, 70), (72, 30)])
        image = squares((90, 100), points, 7, rng)
        whole, pieces = (draw(Learned(run, around=around), image, points.astype(float)) for around in (None, size))
        np.testing.assert_array_equal(pieces.instances, whole.instances)
        np.testing.assert_allclose(pieces.quality, whole.quality)
        np.testing.assert_array_equal(pieces.sign, whole.sign)
        assert (np.bincount(pieces.instances.ravel())[1:] == 49).all()


def test_targets_at_the_corners_of_the_frame_are_drawn_whole(run):
    """Squares of 16 px around the corners reach 8 px out; of a target of 7 x 7, 4 x 4 pixels are in the frame."""
    corners = [(0, 0), (0, 39), (29, 0), (29, 39)]
    image = squares((30, 40), corners, 7, np.random.default_rng(1))
    instances = Learned(run, around=16)(image, points_of(*corners))
    assert np.bincount(instances.ravel()).tolist() == [30 * 40 - 64, 16, 16, 16, 16]
    np.testing.assert_array_equal(instances > 0, image > 0.375)


def test_a_target_is_cut_where_its_square_ends(run):
    """A bright frame of 30 x 30 and a square of 8 px around (10, 20): rows 6 to 13, columns 16 to 23."""
    expected = np.zeros((30, 30), int)
    expected[6:14, 16:24] = 1
    drawn = Learned(run, around=8)(np.ones((30, 30), np.float32), points_of((10, 20)))
    np.testing.assert_array_equal(drawn, expected)


@pytest.mark.parametrize(("order", "owner"), [([0, 1], 1), ([1, 0], 2)])
def test_where_two_squares_overlap_the_earlier_point_keeps_the_pixel(order, owner):
    """Sides of 6: (10, 10) has rows and columns 7 to 12, (14, 14) has 11 to 16; 2 x 2 pixels are in both."""
    points = points_of((10, 10), (14, 14))[order]
    sample = Sample("one", np.zeros((30, 30), np.float32), points)
    found = ask_around(ones, sample, 6, 0.0, 0.5)
    first, second = (found.instances == order.index(i) + 1 for i in (0, 1))
    assert {int(first.sum()), int(second.sum())} == {36, 32}
    assert (found.instances[11:13, 11:13] == 1).all()
    assert first[12, 12] == (owner == 1)
    np.testing.assert_array_equal(found.score > 0, found.instances > 0)


def test_a_component_of_two_points_in_one_square_goes_to_the_first_in_raster_order():
    sample = Sample("one", np.zeros((30, 30), np.float32), points_of((14, 14), (12, 12)))
    found = ask_around(ones, sample, 16, 0.0, 0.5)
    assert np.unique(found.instances).tolist() == [0, 2]
    assert (found.instances == 2).sum() == 16 * 16  # the square of (12, 12), and nothing of the other's


def test_two_near_targets_each_keep_their_own(run):
    image = squares((40, 40), [(15, 15), (15, 22)], 5, np.random.default_rng(2))
    instances = Learned(run, around=32)(image, points_of((15, 15), (15, 22)))
    assert np.bincount(instances.ravel())[1:].tolist() == [25, 25]
    assert (instances[15, 15], instances[15, 22]) == (1, 2)


def test_a_square_is_filled_with_the_grey_that_is_nothing_to_the_network(tmp_path, monkeypatch):
    """By its card the network's frames lose 0.25: beyond a black frame the square is 0.25."""
    task = {"statistics": {"mean": 0.25, "std": 0.5}}
    file = tmp_path / "a.safetensors"
    write_checkpoint(file, Card("plain_network:Plain", task_options=task), bright().state_dict())
    seen = []
    monkeypatch.setattr(Learned, "ask", lambda self, model, sample: seen.append(sample.image) or sample.image)
    Learned(file, around=4)(np.zeros((9, 9), np.float32), points_of((0, 8)))
    assert seen[0].tolist() == [[0.25] * 4, [0.25] * 4, [0, 0, 0, 0.25], [0, 0, 0, 0.25]]
    inputs = load_model(file).task.inputs(Sample("one", seen[0], points_of()))
    assert (inputs[0, :2] == 0).all()


def test_a_card_without_statistics_takes_nothing_off(run):
    assert load_model(run).mean == 0


def test_a_prompted_network_is_told_all_points_of_a_square(tmp_path):
    """It answers with its prompt: the 9 pixels around each point, in the square as in the frame."""
    task = {"edges": False, "second": False, "fwhm": 3.0}
    file = tmp_path / "a.safetensors"
    write_checkpoint(file, Card("told_network:Told", task="prompted", task_options=task), Told(2).state_dict())
    image, points = np.zeros((50, 50), np.float32), points_of((20, 20), (20, 26), (49, 0), (5, 40))
    whole, pieces = (Learned(file, around=around)(image, points) for around in (None, 16))
    np.testing.assert_array_equal(pieces, whole)
    assert np.bincount(pieces.ravel())[1:].tolist() == [9, 9, 4, 9]


def test_two_clicks_at_one_place_and_a_click_on_nothing(run):
    image = squares((40, 40), [(15, 15)], 5, np.random.default_rng(2))
    drawing = draw(Learned(run, around=16), image, points_of((15, 15), (15, 15), (33, 33)))
    assert np.bincount(drawing.instances.ravel(), minlength=4)[1:].tolist() == [25, 0, 0]
    assert drawing.quality[1:].tolist() == [0, 0]


def test_the_side_is_set_like_any_option_of_a_labeler(run):
    labeler = make_labeler(str(run), options_of(["around=8", "threshold=0.25"]))
    assert labeler == Learned(run, threshold=0.25, around=8)
    with pytest.raises(OptionError, match="around is 0; choose at least 1 pixel"):
        make_labeler(str(run), {"around": 0})
    with pytest.raises(OptionError, match="option 'around'"):
        make_labeler(str(run), {"around": "wide"})
