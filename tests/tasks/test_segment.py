import math

import numpy as np
import pytest
import torch

from glimt.core.errors import OptionError
from glimt.core.types import Sample
from glimt.data.statistics import Statistics
from glimt.losses.bce import Bce
from glimt.losses.soft_iou import SoftIou
from glimt.tasks.segment import at_size, segment
from glimt.tasks.terms import terms


@pytest.fixture
def sample():
    image = np.linspace(0, 1, 48, dtype=np.float32).reshape(6, 8)
    label = np.zeros((6, 8), dtype=np.float32)
    label[2, 3] = 1
    return Sample("a", image, np.array([[2.0, 3.0]]), label)


def test_frames_are_normalised_and_shown_as_often_as_asked(sample):
    inputs = segment(statistics=Statistics(0.5, 0.25), channels=3).inputs(sample)
    assert inputs.shape == (3, 6, 8)
    assert inputs[2, 0, 0].item() == pytest.approx(-2)
    assert inputs[0, 5, 7].item() == pytest.approx(2)


def test_a_loss_that_needs_the_frame_finds_it_behind_the_label(sample):
    assert segment("bce").target(sample).shape == (1, 6, 8)
    target = segment({"bce": {}, "tda": {"weight": 0.2}}, Statistics(area=9.0, contrast=0.1)).target(sample)
    np.testing.assert_array_equal(target[1], sample.image)


def test_a_weighted_sum_by_hand():
    logits, target = torch.zeros(1, 1, 2, 2), torch.tensor([[[[1.0, 0.0], [0.0, 0.0]]]])
    loss = terms({"bce": {}, "soft_iou": {"weight": 0.5, "smooth": 0}}, Statistics()).each
    # every p is 1/2: cross-entropy ln 2; overlap 1/2 of union 2 + 1 - 1/2
    assert loss(logits, target, 1.0).item() == pytest.approx(math.log(2) + 0.5 * (1 - 0.5 / 2.5))


def test_dataset_means_reach_the_losses_that_have_an_option_for_them():
    loss = terms("tda", Statistics(area=12.0, contrast=0.2)).each.terms[0][1]
    assert (loss.mean_area, loss.mean_contrast) == (12.0, 0.2)


def test_side_maps_are_scored_at_their_own_size():
    target = torch.zeros(1, 2, 4, 4)
    target[0, 0, 1, 1] = 1
    target[0, 1] = torch.arange(16.0).reshape(4, 4)
    small = at_size(target, torch.zeros(1, 1, 2, 2))
    assert small[0, 0].tolist() == [[1, 0], [0, 0]]  # the label's largest value: the target is still there
    assert small[0, 1].tolist() == [[2.5, 4.5], [10.5, 12.5]]  # the frame's mean


def test_side_maps_add_or_average_and_wait_for_the_warm_up():
    main, side = torch.full((1, 1, 4, 4), 2.0), torch.full((1, 1, 2, 2), -1.0)
    target = torch.zeros(1, 1, 4, 4)
    one, other = Bce()(main, target).item(), Bce()(side, target[..., :2, :2]).item()
    assert segment("bce", sides="sum").loss((main, side), target, 1.0).item() == pytest.approx(one + other)
    assert segment("bce").loss((main, side), target, 1.0).item() == pytest.approx((one + other) / 2)
    warm = segment("bce", warm=0.5, warm_map=1)
    assert warm.loss((main, side), target, 0.4).item() == pytest.approx(other)
    assert warm.loss((main, side), target, 0.5).item() == pytest.approx((one + other) / 2)


def test_a_term_may_be_asked_of_the_main_map_alone():
    chosen = terms({"bce": {}, "soft_iou": {"maps": "main"}}, Statistics())
    assert [type(loss) for _, loss in chosen.each.terms] == [Bce]
    assert [type(loss) for _, loss in chosen.once.terms] == [SoftIou]


def test_the_answer_is_the_sigmoid_of_the_main_map(sample):
    score = segment().decode((torch.zeros(1, 1, 6, 8),), sample)
    assert score.shape == (6, 8)
    assert (score == 0.5).all()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"loss": "sotf_iou"}, "no loss 'sotf_iou' .did you mean 'soft_iou'"),
        ({"loss": {"bce": {"wieght": 2}}}, "bce: option 'wieght'"),
        ({"loss": {"bce": {"weight": "much"}}}, "weight must be a number"),
        ({"loss": {"bce": {"maps": "side"}}}, "maps one of"),
        ({"loss": {}}, "no term given"),
        ({"sides": "max"}, "sides must be one of"),
    ],
)
def test_mistakes_in_the_loss_are_said(options, said):
    from glimt.core.errors import GlimtError

    with pytest.raises(GlimtError, match=said):
        segment(**options)
    assert OptionError
