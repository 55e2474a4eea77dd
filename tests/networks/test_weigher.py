"""The weigher: its formula by hand, and the batch of one frame that plain batch normalisation refuses."""

import pytest
import torch
from torch import nn

from glimt.inference.fuse import fold
from glimt.networks.weigher import MeanNorm, weigher


def means(frames, channels, seed=1):
    return torch.randn(frames, channels, 1, 1, generator=torch.Generator().manual_seed(seed))


def norm(kind, channels=3):
    one = kind(channels)
    with torch.no_grad():
        one.running_mean.copy_(torch.tensor([1.0, 0.0, -2.0]))
        one.running_var.copy_(torch.tensor([4.0, 1.0, 0.25]))
        one.weight.copy_(torch.tensor([1.0, 2.0, 1.0]))
        one.bias.copy_(torch.tensor([0.0, 0.0, 10.0]))
    return one


def test_one_value_a_channel_is_normalised_by_the_running_statistics_by_hand():
    one = norm(MeanNorm).train()
    found = one(torch.tensor([3.0, 5.0, -1.0]).view(1, 3, 1, 1)).flatten()
    # (3 - 1) / 2, 2 * 5, (-1 + 2) / 0.5 + 10
    torch.testing.assert_close(found, torch.tensor([1.0, 10.0, 12.0]), rtol=1e-4, atol=0)
    assert one.running_mean.tolist() == [1.0, 0.0, -2.0]
    assert one.running_var.tolist() == [4.0, 1.0, 0.25]


def test_plain_batch_normalisation_refuses_one_value_a_channel():
    with pytest.raises(ValueError, match="more than 1 value"):
        norm(nn.BatchNorm2d).train()(means(1, 3))


@pytest.mark.parametrize("shape", [(2, 3, 1, 1), (1, 3, 2, 1)])
def test_of_two_values_a_channel_it_makes_what_batch_normalisation_makes(shape):
    ours, plain = norm(MeanNorm).train(), norm(nn.BatchNorm2d).train()
    x = torch.randn(shape, generator=torch.Generator().manual_seed(1))
    assert torch.equal(ours(x), plain(x))
    assert torch.equal(ours.running_mean, plain.running_mean)
    assert torch.equal(ours.running_var, plain.running_var)


def test_a_weight_is_what_two_layers_by_hand_say():
    weights = weigher(4, 2).eval()
    for conv in (weights[0][0], weights[1][0]):
        nn.init.zeros_(conv.weight)
        nn.init.zeros_(conv.bias)
    with torch.no_grad():
        weights[0][0].weight[0, :, 0, 0] = torch.tensor([1.0, 1.0, 0.0, 0.0])  # 2 + 1 = 3
        weights[0][0].weight[1, :, 0, 0] = torch.tensor([0.0, 0.0, -1.0, 0.0])  # -5, rectified
        weights[1][0].weight[:, :, 0, 0] = torch.tensor([[1.0, 0.0], [0.0, 1.0], [-1.0, 9.0], [0.0, 0.0]])
        found = weights(torch.tensor([2.0, 1.0, 5.0, 7.0]).view(1, 4, 1, 1)).flatten()
    torch.testing.assert_close(found, torch.tensor([3.0, 0.0, -3.0, 0.0]).sigmoid(), rtol=1e-4, atol=0)


def test_prediction_folds_the_normalisation_away():
    torch.manual_seed(0)
    weights = weigher(8, 4).train()
    weights(means(4, 8))
    folded, x = fold(weights), means(2, 8, seed=2)
    assert not any(isinstance(one, nn.BatchNorm2d) for one in folded.modules())
    torch.testing.assert_close(folded(x), weights.eval()(x))
