"""The task `locate` by hand: target and answer are each other's inverse, and the loss is Eq. 17 of paper 001."""

import pickle

import numpy as np
import pytest
import torch

from glimt.core.catalog import build
from glimt.core.errors import OptionError
from glimt.core.types import Sample
from glimt.data.statistics import Statistics
from glimt.tasks import TASKS
from glimt.tasks.locate import locate, spots_of
from glimt.tasks.moments import in_time
from glimt.tasks.segment import segment


def sample_of(boxes=(), shape=(40, 60), frames=()):
    label = np.zeros(shape, np.float32)
    for top, left, bottom, right in boxes:
        label[top:bottom, left:right] = 1
    return Sample("a", np.full(shape, 0.5, np.float32), np.zeros((0, 2)), label, frames)


def grey(value, shape=(40, 60)):
    return np.full(shape, value, np.float32)


def as_answer(target):
    """The maps of a network that answers exactly what it should."""
    maps = target[:4].clone()
    maps[0] = torch.logit(maps[0].clamp(1e-4, 1 - 1e-4))
    return (maps[None],)


def test_a_network_is_shown_the_frames_in_the_order_of_time():
    seen = locate(Statistics(0.5, 0.25)).inputs(sample_of(frames=(grey(0.25), grey(0.75))))
    assert (seen.dtype, seen[:, 0, 0].tolist()) == (torch.float32, [-1, 0, 1])


def test_a_still_is_its_own_past_and_future():
    sample = sample_of()
    assert all(image is sample.image for image in in_time(sample, (1, 2)))
    assert locate(Statistics(0.5, 0.25)).inputs(sample_of()).shape == (3, 40, 60)


def test_the_target_of_one_blob_by_hand():
    """A blob of 3 x 4 at rows 10-12, cols 21-24: centroid (11, 22.5), so (11.5, 23) / 4 = cell (2, 5) + (7/8, 3/4)."""
    maps = locate().target(sample_of([(10, 21, 13, 25)]))
    assert maps.shape == (5, 10, 15)
    assert np.argwhere(maps[4].numpy()).tolist() == [[2, 5]]
    assert maps[1:4, 2, 5].tolist() == pytest.approx([7 / 8, 3 / 4, np.sqrt(12 / np.pi)])
    assert maps[0, 2, 5] == 1
    assert maps[0, 2, 7] == pytest.approx(np.exp(-0.5))  # two cells away: sigma is no less than 2 (Eq. 16)


def test_the_gaussian_is_as_wide_as_the_target_within_its_bounds():
    """Radii of 3.1 (30 px) and 5.6 px (100 px): sigma is 3.1 and 4 cells."""
    for box, sigma in (((8, 20, 13, 26), np.sqrt(30 / np.pi)), ((8, 20, 18, 30), 4)):
        maps = locate().target(sample_of([box]))
        (row, col) = np.argwhere(maps[4].numpy())[0]
        assert maps[0, row, col + 3] == pytest.approx(np.exp(-9 / (2 * sigma**2)), rel=1e-5)


def test_what_is_learnt_is_what_is_read():
    boxes = [(3, 4, 6, 7), (20, 30, 24, 35), (39, 59, 40, 60)]
    sample = sample_of(boxes)
    found = spots_of(as_answer(locate().target(sample)), sample)
    places = {tuple(np.round(centre, 4)) for centre in found.centres.tolist()}
    assert places == {(4, 5), (21.5, 32), (39, 59)}
    assert sorted(found.radii) == pytest.approx(sorted(np.sqrt(np.array([9, 20, 1]) / np.pi)))


def test_a_frame_without_targets_has_an_empty_target():
    assert not locate().target(sample_of()).any()


def test_the_loss_of_the_right_answer_is_nearly_nothing_and_each_error_costs_its_weight():
    """One target: half a cell off in each offset costs 1 x 1/2, two pixels of radius cost 0.1 x 2."""
    task = locate()
    target = task.target(sample_of([(10, 21, 13, 25)]))[None]
    (right,) = as_answer(target[0])
    sharp = torch.where(target[:, :1] == 1, 20.0, -20.0)
    exact = torch.cat([sharp, right[:, 1:]], dim=1)
    assert task.loss((exact,), target, 0.0).item() == pytest.approx(0, abs=1e-4)
    off = exact.clone()
    off[:, 1:3] += 0.5
    off[:, 3] += 2
    assert task.loss((off,), target, 0.0).item() == pytest.approx(0.5 + 0.2, abs=1e-4)
    assert locate(offset=2, radius=1).loss((off,), target, 0.0).item() == pytest.approx(1 + 2, abs=1e-4)


def test_discs_have_the_areas_of_the_targets():
    sample = sample_of([(10, 20, 15, 25)])
    score = locate().decode(as_answer(locate().target(sample)), sample)
    assert score.shape == (40, 60)
    assert (score > 0.5).sum() == 21  # of a radius of 2.82 px around a pixel's centre


def test_pamg_recovers_the_shape_that_a_disc_cannot_have():
    """A bar of 2 x 10: the disc of its area covers less than half of it, PAMG finds it to the pixel."""
    sample = sample_of([(10, 20, 12, 30)])
    rng = np.random.default_rng(0)
    image = (0.2 + 0.01 * rng.standard_normal((40, 60)) + 0.5 * sample.label).astype(np.float32)
    sample = Sample("a", image, sample.points, sample.label)
    answer = as_answer(locate().target(sample))
    true = sample.label > 0
    ious = [
        ((score > 0.5) & true).sum() / ((score > 0.5) | true).sum()
        for score in (locate(masks=masks).decode(answer, sample) for masks in ("disc", "pamg"))
    ]
    assert ious[0] < 0.5
    assert ious[1] == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"spread": [4.0, 2.0]}, "spread is 4 to 2"),
        ({"past": -1}, "past is -1"),
        ({"masks": "box"}, "masks"),
    ],
)
def test_options_that_make_no_sense_are_told(options, said):
    with pytest.raises(OptionError, match=said):
        build(TASKS, "locate", options, "task")


def test_a_segmenting_task_can_look_back():
    task = segment(statistics=Statistics(0.5, 0.25), past=2)
    assert (task.channels, task.span) == (3, (2, 0))
    seen = task.inputs(sample_of(frames=(grey(0.0), grey(0.25))))
    assert seen[:, 0, 0].tolist() == [-2, -1, 0]
    with pytest.raises(OptionError, match="channels=3 do not go together"):
        segment(past=1, channels=3)


def test_tasks_travel_between_processes():
    task = pickle.loads(pickle.dumps(locate(masks="pamg")))
    assert task.span == (1, 1)
