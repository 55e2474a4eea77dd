"""Folding: the same answers from fewer layers, for every network."""

import pytest
import torch
from torch import nn

from glimt.core.catalog import build
from glimt.inference.fuse import fold
from glimt.networks import NETWORKS

CHANNELS = {"dtum": 5, "rprnet": 3}  # frames of a sequence


def frames(batch, channels=1, size=48):
    return torch.randn(batch, channels, size, size, generator=torch.Generator().manual_seed(1))


def norms(network):
    return sum(isinstance(part, nn.BatchNorm2d) for part in network.modules())


@pytest.mark.parametrize("name", sorted(NETWORKS))
def test_a_folded_network_answers_as_before(name):
    torch.manual_seed(0)
    network = build(NETWORKS, name, {}, "network").train()
    channels = CHANNELS.get(name, 1)
    with torch.no_grad():
        for part in network.modules():
            if isinstance(part, nn.BatchNorm2d):  # a fresh normalisation does next to nothing
                nn.init.uniform_(part.weight, 0.5, 1.5)
                nn.init.normal_(part.bias, std=0.1)
        network(frames(2, channels))
        network.eval()
        folded = fold(network)
        before, after = network(frames(1, channels))[0], folded(frames(1, channels))[0]
    assert norms(folded) <= norms(network) // 4  # those before the first convolution have none to go into
    assert (before - after).abs().max() <= 1e-4 * before.abs().max().clamp(min=1)


def test_folding_by_hand():
    conv, norm = nn.Conv2d(1, 1, 1), nn.BatchNorm2d(1, eps=0.0)
    values = [(conv.weight, 3.0), (conv.bias, 1.0), (norm.weight, 8.0), (norm.bias, 5.0)]
    for value, number in [*values, (norm.running_mean, 2.0), (norm.running_var, 16.0)]:
        nn.init.constant_(value, number)
    folded = fold(nn.Sequential(conv, norm))
    # ((3 x + 1) - 2) / 4 * 8 + 5 = 6 x + 3
    assert (folded[0].weight.item(), folded[0].bias.item()) == (6.0, 3.0)
    assert isinstance(folded[1], nn.Identity)


def test_folding_leaves_the_network_as_it_was():
    network = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2)).train()
    folded = fold(network)
    assert network.training
    assert norms(network) == 1
    assert not folded.training
    assert not any(one.requires_grad for one in folded.parameters())


def test_what_is_no_neighbour_is_not_folded():
    network = nn.Sequential(nn.BatchNorm2d(1), nn.Conv2d(1, 1, 3), nn.ReLU(), nn.BatchNorm2d(1))
    assert norms(fold(network)) == 2
