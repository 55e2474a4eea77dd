"""ACM against the published counts and a slow fusion; the published weights are tried in tests/inference."""

import pytest
import torch
from oracles.multiply_adds import as_published, exact

from glimt.networks.acm import Acm
from glimt.networks.acm_blocks import AsymmetricFusion, Residual


def test_it_is_as_large_as_published():
    network = Acm()
    assert sum(one.numel() for one in network.parameters()) == 397_823  # BasicIRSTD's class, instantiated
    assert len(network.state_dict()) == 297


def test_it_takes_as_many_multiply_adds_as_published():
    assert as_published(Acm()) == pytest.approx(0.402e9, rel=0.002)  # BasicIRSTD's table
    assert exact(Acm()) == 343_294_592  # the products that are really made: fewer in the transposed convolutions


def test_the_map_has_the_size_of_the_frame_and_is_not_squashed():
    network = Acm().eval()
    torch.nn.init.constant_(network.head.bias, -7.0)
    with torch.no_grad():
        maps = network(torch.randn(2, 1, 45, 33))
    assert [one.shape for one in maps] == [(2, 1, 45, 33)]
    assert maps[0].max() < -1  # logits


def test_what_goes_into_the_head_are_the_penultimate_features():
    network = Acm(3, 2).eval()
    seen = []
    network.head.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0].shape))
    with torch.no_grad():
        (logits,) = network(torch.zeros(1, 3, 64, 32))
    assert seen == [(1, 4, 16, 8)]  # a quarter of the frame
    assert logits.shape == (1, 2, 64, 32)


def test_every_weight_learns():
    torch.manual_seed(0)
    network = Acm().train()
    network(torch.randn(2, 1, 64, 64))[0].square().mean().backward()
    assert [name for name, one in network.named_parameters() if one.grad is None] == []


def test_the_fusion_weighs_low_features_by_the_frame_and_high_ones_by_the_pixel():
    torch.manual_seed(2)
    fusion = AsymmetricFusion(8).double().eval()
    fusion.after = torch.nn.Identity()
    high, low = torch.randn(2, 1, 8, 5, 6, dtype=torch.float64)

    def weight(module, features):  # one pixel by matrix products: (8,) -> (8,); running means 0 and variances 1
        (first, _, _), (second, _), _ = module
        inner = first.weight[:, :, 0, 0] @ features + first.bias
        outer = second.weight[:, :, 0, 0] @ (inner / (1 + 1e-5) ** 0.5).relu() + second.bias
        return (outer / (1 + 1e-5) ** 0.5).sigmoid()

    expected = torch.empty_like(low)
    of_the_frame = weight(fusion.down, torch.stack([channel.mean() for channel in high[0]]))
    for row in range(5):
        for col in range(6):
            x, y = low[0, :, row, col], high[0, :, row, col]
            expected[0, :, row, col] = 2 * x * of_the_frame + 2 * y * weight(fusion.up, x)
    torch.testing.assert_close(fusion(high, low), expected)


def test_a_residual_block_whose_convolutions_are_zero_lets_the_frame_past():
    block = Residual(2, 2).eval()
    torch.nn.init.zeros_(block.body[1][0].weight)
    x = torch.tensor([[[[1.0, -2.0]], [[-3.0, 4.0]]]])
    assert block(x).tolist() == [[[[1.0, 0.0]], [[0.0, 4.0]]]]
