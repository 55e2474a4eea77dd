"""SCTransNet: size and work against the published network, its parts against slow forms of the paper's equations."""

import math

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from glimt.networks.sctransnet import Gate, Sctransnet
from glimt.networks.sctransnet_blocks import (
    ChannelNorm,
    CrossBlock,
    CrossTransformer,
    FeedForward,
    attend,
    rebuilt,
)

PUBLISHED = 11_325_939
POSITIONS = 256 * (32 + 64 + 128 + 256)  # embeddings of 16 x 16 tokens, never added to anything
SCALARS = 4 * 16  # in each of the four blocks, multiplied with nothing


def noise(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def test_its_size_is_the_published_one_without_what_no_map_depends_on():
    with torch.device("meta"):
        network = Sctransnet()
    assert sum(one.numel() for one in network.parameters()) == PUBLISHED - POSITIONS - SCALARS


def test_its_size_as_the_paper_prints_it_counts_no_layer_normalisation():
    with torch.device("meta"):
        network = Sctransnet()
    norms = sum(
        one.numel() for part in network.modules() if isinstance(part, nn.LayerNorm) for one in part.parameters()
    )
    assert (PUBLISHED - POSITIONS - SCALARS - norms) / 1e6 == pytest.approx(11.19, abs=0.005)  # SCTransNet, Table I


def test_its_multiply_adds_are_the_published_ones_less_those_of_the_repeated_tokens():
    with torch.device("meta"):
        network, frame = Sctransnet().eval(), torch.empty(1, 1, 256, 256)
    with FlopCounterMode(display=False) as counter:
        network(frame)
    repeated = sum((32 * 2**i) ** 2 * ((256 >> i) ** 2 - 16**2) for i in range(4))
    assert (counter.get_total_flops() / 2 + repeated) / 1e9 == pytest.approx(10.5, rel=0.01)


def test_attention_agrees_with_one_number_at_a_time():
    queries, keys, values = noise(2, 3, 10), noise(2, 5, 10, seed=1), noise(2, 5, 10, seed=2)
    found = attend(queries, F.normalize(keys, dim=-1), values)
    for b in range(2):
        scores = torch.tensor([[(q @ k / (q.norm() * k.norm())) / 5**0.5 for k in keys[b]] for q in queries[b]])
        normed = (scores - scores.mean()) / (scores.var(correction=0) + 1e-5).sqrt()
        for c in range(3):
            weights = normed[c].exp() / normed[c].exp().sum()
            torch.testing.assert_close(found[b, c], sum(w * v for w, v in zip(weights, values[b], strict=True)))


def test_tokens_rebuilt_before_or_after_they_are_repeated_are_the_same():
    network = rebuilt(8)
    network(noise(4, 8, 6, 6))
    network.eval()
    tokens = noise(2, 8, 4, 4, seed=1)
    larger = torch.nn.Upsample(scale_factor=4)
    torch.testing.assert_close(larger(network(tokens)), network(larger(tokens)))


def test_the_norm_of_a_token_has_mean_0_and_variance_1_over_channels():
    normed = ChannelNorm(16)(3 + 5 * noise(2, 16, 4, 4))
    torch.testing.assert_close(normed.mean(1), torch.zeros(2, 4, 4), atol=1e-5, rtol=0)
    torch.testing.assert_close(normed.var(1, correction=0), torch.ones(2, 4, 4), atol=1e-3, rtol=0)


def test_every_scale_hears_of_every_other():
    torch.manual_seed(0)
    cross = CrossTransformer((4, 8, 8), (4, 2, 1), depth=1).eval()
    scales = [noise(1, 4, 16, 16), noise(1, 8, 8, 8), noise(1, 8, 4, 4)]
    with torch.no_grad():
        before = cross(scales)
        for i in range(3):
            changed = cross([one + 10 * noise(*one.shape, seed=9) * (j == i) for j, one in enumerate(scales)])
            mixed = [after - was for after, was in zip(changed, before, strict=True)]
            assert all(one.abs().max() > 1e-4 for one in mixed)


def test_what_is_learned_from_other_scales_is_added_to_what_was_there():
    scales = [noise(1, 4, 8, 8), noise(1, 8, 4, 4)]
    cross = CrossTransformer((4, 8), (2, 1), depth=1)
    for rebuild in cross.rebuild:
        nn.init.zeros_(rebuild[2].weight)  # its normalisation: nothing was learned
    assert all(map(torch.equal, cross(scales), scales))
    tokens, block = [noise(1, 4, 4, 4), noise(1, 8, 4, 4)], CrossBlock((4, 8))
    for last in (*block.attention.project, *(one[1].shrink for one in block.forwards)):
        nn.init.zeros_(last.weight)
    assert all(map(torch.equal, block(tokens), tokens))


def test_the_feed_forward_network_sees_a_5x5_neighbourhood_and_the_means_of_the_frame():
    torch.manual_seed(0)
    network = FeedForward(4)
    x = noise(1, 4, 9, 9).requires_grad_()
    nn.init.zeros_(network.weigh.weight)  # every channel weighs 1/2: only the neighbourhood is left
    (reached,) = torch.autograd.grad(network(x)[0, :, 4, 4].square().sum(), x)
    rows, cols = (reached.abs().sum((0, 1)) > 0).nonzero(as_tuple=True)
    assert (rows.min(), rows.max(), cols.min(), cols.max()) == (2, 6, 2, 6)
    nn.init.ones_(network.weigh.weight)
    (reached,) = torch.autograd.grad(network(x)[0, :, 4, 4].square().sum(), x)
    assert (reached.abs().sum((0, 1)) > 0).all()


def test_a_gate_worked_by_hand():
    gate = Gate(1)
    for linear, weight, bias in [(gate.of_skip, 2.0, 1.0), (gate.of_high, -1.0, math.log(9))]:
        nn.init.constant_(linear.weight, weight)
        nn.init.constant_(linear.bias, bias)
    skip, high = torch.tensor([[[[1.0, -3.0], [4.0, 2.0]]]]), torch.full((1, 1, 2, 2), 3.0)
    # means 1 and 3: (2 * 1 + 1 - 3 + ln 9) / 2 = ln 3, whose sigmoid is 3/4
    torch.testing.assert_close(gate(skip, high), torch.tensor([[[[0.75, 0.0], [3.0, 1.5]]]]))


def test_the_last_side_map_weighs_the_other_four_and_the_main_one():
    torch.manual_seed(0)
    network = Sctransnet(width=8).train()
    main, *sides, fused = network(noise(2, 1, 32, 48))
    assert {one.shape for one in (main, *sides, fused)} == {(2, 1, 32, 48)}
    weights, bias = network.sides[-1].weight.flatten(), network.sides[-1].bias
    expected = bias + sum(w * one for w, one in zip(weights, (*sides[::-1], main), strict=True))
    torch.testing.assert_close(fused, expected)
