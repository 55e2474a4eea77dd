"""CBAM: weights worked by hand, and a loop over windows."""

import math

import pytest
import torch

from glimt.networks.attention import ChannelAttention, SpatialAttention


def sigmoid(value):
    return 1 / (1 + math.exp(-value))


@pytest.fixture
def features():
    return torch.randn(2, 5, 9, 11, generator=torch.Generator().manual_seed(0))


def test_a_channel_is_weighed_by_its_mean_and_maximum_through_one_layer_pair():
    attention = ChannelAttention(2, ratio=2)  # one inner channel
    with torch.no_grad():
        attention.shared[0].weight.copy_(torch.tensor([1.0, -1.0]).view(1, 2, 1, 1))
        attention.shared[2].weight.copy_(torch.tensor([0.5, -2.0]).view(2, 1, 1, 1))
    x = torch.tensor([[[[0.0, 4.0]], [[1.0, 1.0]]]])
    # means (2, 1) -> relu(2 - 1) = 1; maxima (4, 1) -> relu(4 - 1) = 3; together 4 times (0.5, -2)
    expected = torch.tensor([[[[0.0, 4.0 * sigmoid(2.0)]], [[sigmoid(-8.0), sigmoid(-8.0)]]]])
    torch.testing.assert_close(attention(x), expected)


def test_mean_and_maximum_are_rectified_apart():
    attention = ChannelAttention(1, ratio=1)
    with torch.no_grad():
        attention.shared[0].weight.fill_(1.0)
        attention.shared[2].weight.fill_(1.0)
    x = torch.tensor([[[[-5.0, 1.0]]]])  # the mean is -2 and says nothing, though it would outweigh the maximum
    torch.testing.assert_close(attention(x), x * sigmoid(1.0))


def test_the_weights_of_channels_do_not_depend_on_places(features):
    attention = ChannelAttention(5, ratio=2)
    torch.testing.assert_close(attention(features.flip(-1)), attention(features).flip(-1))


def test_a_place_is_weighed_by_the_mean_and_maximum_over_channels_around_it(features):
    torch.manual_seed(0)
    attention = SpatialAttention(size=3)
    found = attention(features)
    mean_weight, most_weight = attention.conv.weight.detach()[0].tolist()
    for row in range(9):
        for col in range(11):
            total = 0.0
            for down in (-1, 0, 1):
                for right in (-1, 0, 1):
                    if 0 <= row + down < 9 and 0 <= col + right < 11:
                        column = features[1, :, row + down, col + right].tolist()
                        total += mean_weight[down + 1][right + 1] * sum(column) / 5
                        total += most_weight[down + 1][right + 1] * max(column)
            expected = features[1, :, row, col] * sigmoid(total)
            torch.testing.assert_close(found[1, :, row, col], expected)


def test_weights_lie_between_zero_and_one(features):
    for attention in (ChannelAttention(5, ratio=1), SpatialAttention()):
        share = attention(features) / features
        assert share.min() > 0
        assert share.max() < 1


def test_they_are_as_large_as_the_paper_says():
    """Two layers of C * C / 16 weights, and 2 * 7 * 7, none with a bias."""
    assert sum(one.numel() for one in ChannelAttention(64).parameters()) == 2 * 64 * 4
    assert sum(one.numel() for one in SpatialAttention().parameters()) == 98


@pytest.mark.parametrize("ratio", [0, 17])
def test_a_ratio_that_leaves_no_inner_channel_is_refused(ratio):
    with pytest.raises(ValueError, match=f"ratio must be from 1 to the 16 channels, got {ratio}"):
        ChannelAttention(16, ratio)


def test_an_even_window_has_no_middle_and_is_refused():
    with pytest.raises(ValueError, match="size must be odd and at least 1, got 4"):
        SpatialAttention(4)
