"""The loss of offsets and radii, by hand and by finite differences."""

import math

import pytest
import torch

from glimt.losses.radius import masked_l1


def test_only_the_cells_of_the_mask_count():
    """Two cells of two values: |1 - 0| + |2 - 4| + |0 - 3| + |-1 - 1| = 8, over four."""
    found, target = torch.full((1, 2, 2, 2), 99.0), torch.zeros(1, 2, 2, 2)
    found[0, :, 0, 1], target[0, :, 0, 1] = torch.tensor([1.0, 2.0]), torch.tensor([0.0, 4.0])
    found[0, :, 1, 0], target[0, :, 1, 0] = torch.tensor([0.0, -1.0]), torch.tensor([3.0, 1.0])
    mask = torch.tensor([[[False, True], [True, False]]])
    assert masked_l1(found, target, mask).item() == pytest.approx(2.0)


def test_the_mean_is_over_the_targets_of_the_batch_not_over_its_frames():
    found, target = torch.zeros(2, 1, 1, 3), torch.tensor([[[[1.0, 2.0, 3.0]]], [[[10.0, 0.0, 0.0]]]])
    mask = torch.tensor([[[True, True, True]], [[True, False, False]]])
    assert masked_l1(found, target, mask).item() == pytest.approx(16 / 4)


def test_without_targets_nothing_is_lost_and_nothing_moves():
    found = torch.ones(1, 2, 3, 3, requires_grad=True)
    value = masked_l1(found, torch.zeros(1, 2, 3, 3), torch.zeros(1, 3, 3, dtype=torch.bool))
    value.backward()
    assert value.item() == 0
    assert not found.grad.any()


def test_what_stands_outside_of_the_mask_may_be_anything():
    found, target = torch.ones(1, 1, 1, 2, requires_grad=True), torch.tensor([[[[3.0, math.nan]]]])
    value = masked_l1(found, target, torch.tensor([[[True, False]]]))
    value.backward()
    assert value.item() == 2
    assert found.grad.tolist() == [[[[-1.0, 0.0]]]]


def test_gradients_are_those_of_finite_differences():
    generator = torch.Generator().manual_seed(0)
    found, target = (torch.randn(2, 2, 3, 4, generator=generator, dtype=torch.float64) for _ in range(2))
    mask = torch.rand(2, 3, 4, generator=generator) > 0.5
    assert 0 < mask.sum() < mask.numel()
    assert torch.autograd.gradcheck(lambda x: masked_l1(x, target, mask), found.requires_grad_())
