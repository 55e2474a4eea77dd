"""The loss of a heatmap, by hand, against loops, and by finite differences."""

import math

import pytest
import torch

from glimt.losses.focal import FocalCornernet
from glimt.losses.heatmap import heatmap_loss


def case(seed=0, dtype=torch.float64):
    generator = torch.Generator().manual_seed(seed)
    logits = 2 * torch.randn(2, 5, 6, generator=generator, dtype=dtype)
    target = 0.99 * torch.rand(2, 5, 6, generator=generator, dtype=dtype)
    target[0, 1, 2] = target[0, 4, 4] = target[1, 0, 0] = 1
    return logits, target


def test_three_cells_by_hand():
    """p = 1/2 at a centre, 1/2 beside it where t = 1/2, and 3/4 far from it."""
    logits, target = torch.tensor([[[0.0, 0.0, math.log(3)]]]), torch.tensor([[[1.0, 0.5, 0.0]]])
    centre = 0.5**2 * math.log(2)
    beside = 0.5**4 * 0.5**2 * math.log(2)
    far = 0.75**2 * math.log(4)
    assert heatmap_loss(logits, target).item() == pytest.approx(centre + beside + far)


def test_is_the_formula_written_out():
    logits, target = case()
    total, centres = 0.0, 0
    for z, t in zip(logits.flatten().tolist(), target.flatten().tolist(), strict=True):
        p = 1 / (1 + math.exp(-z))
        if t == 1:
            total -= (1 - p) ** 2 * math.log(p)
            centres += 1
        else:
            total -= (1 - t) ** 4 * p**2 * math.log(1 - p)
    assert centres == 3
    assert heatmap_loss(logits, target).item() == pytest.approx(total / 3, rel=1e-12)


def test_without_centres_the_sum_is_not_divided():
    logits = torch.zeros(2, 3, 4)
    assert heatmap_loss(logits, torch.zeros_like(logits)).item() == pytest.approx(24 * 0.25 * math.log(2))


def test_is_no_loss_of_lesps():
    """There a soft label pulls up as well; here only a centre does, so the slope beside it is never negative."""
    logits, target = torch.zeros(1, 1, 2, requires_grad=True), torch.tensor([[[1.0, 0.9]]])
    heatmap_loss(logits, target).backward()
    assert logits.grad[0, 0, 0] < 0 < logits.grad[0, 0, 1]
    ours, theirs = heatmap_loss(logits, target), FocalCornernet()(logits[:, None], target[:, None])
    assert (theirs - ours).item() == pytest.approx(0.9 * 0.25 * math.log(2), rel=1e-5)


def test_gradients_are_those_of_finite_differences():
    logits, target = case(1)
    assert torch.autograd.gradcheck(lambda z: heatmap_loss(z, target), logits.requires_grad_())


@pytest.mark.parametrize("sign", [1, -1])
def test_certain_answers_keep_a_finite_value_and_gradient(sign):
    logits, target = case(2, torch.float32)
    logits = torch.full_like(logits, 500.0 * sign, requires_grad=True)
    value = heatmap_loss(logits, target)
    value.backward()
    assert math.isfinite(value.item())
    assert logits.grad.isfinite().all()


def test_the_right_answer_costs_next_to_nothing():
    _, target = case(3)
    right = torch.where(target == 1, 30.0, -30.0)
    assert 0 <= heatmap_loss(right, target).item() < 1e-9
