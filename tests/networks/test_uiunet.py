"""UIU-Net: size and work against the published network, its blocks against recursions, reach and loops."""

import pytest
import torch
import torch.nn.functional as F
from oracles.multiply_adds import as_published, exact

from glimt.networks.uiunet import Uiunet
from glimt.networks.uiunet_blocks import CrossAttention, SmallUnet

PUBLISHED_PARAMETERS = 50_540_309  # BasicIRSTD's class, instantiated
PUBLISHED_TENSORS = 942  # in its state


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    return Uiunet()


def noise(*shape, seed=1):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def resized(x, like):
    return F.interpolate(x, like.shape[2:], mode="bilinear", align_corners=False)


def slow_small(small, x):
    """A small U-Net by the recursion that defines it; blocks of its decoder are kept from the lowest level upwards."""
    last = len(small.down) - 1

    def inside(x, level):
        skip = small.down[level](x)
        if level == last:
            below = small.bottom(skip)
        else:
            below = inside(F.max_pool2d(skip, 2) if small.pools else skip, level + 1)
        return small.up[last - level](torch.cat([resized(below, skip), skip], dim=1))

    start = small.first(x)
    return start + inside(start, 0)


def slow_levels(network, x, level=0):
    """Decoded features of a level and of those below it."""
    skip = network.down[level](x)
    if level == 5:
        return [skip]
    below = slow_levels(network, F.max_pool2d(skip, 2), level + 1)
    high = resized(below[0], skip)
    seen = network.fuse[4 - level](high, skip) if level else torch.cat([high, skip], dim=1)
    return [network.up[4 - level](seen), *below]


def test_its_size_is_the_published_one(network):
    assert sum(one.numel() for one in network.parameters()) == PUBLISHED_PARAMETERS
    assert len(network.state_dict()) == PUBLISHED_TENSORS


def test_its_multiply_adds_are_those_counted_at_the_published_network():
    with torch.device("meta"):
        assert exact(Uiunet()) == pytest.approx(54.2e9, abs=0.05e9)  # 46.4 if attention ended in one map


def test_its_operations_are_those_of_the_published_table():
    with torch.device("meta"):
        assert as_published(Uiunet()) == pytest.approx(54.4e9, abs=0.05e9)


@torch.no_grad()
@pytest.mark.parametrize(
    ("dilations", "pools", "size"), [((1, 1, 1, 2), True, (12, 20)), ((1, 2, 4, 8), False, (9, 7))]
)
def test_a_small_unet_says_what_its_recursion_says(dilations, pools, size):
    torch.manual_seed(0)
    small = SmallUnet(3, 4, 6, dilations, pools).eval()
    x = noise(2, 3, *size)
    found = small(x)
    assert found.shape == (2, 6, *size)
    assert not torch.allclose(found, small.first(x))
    torch.testing.assert_close(found, slow_small(small, x))


@pytest.mark.parametrize(
    ("levels", "reach"),  # pixels: the first convolution's, then down and up those levels
    [
        (1, 1 + 1 + 1),
        (2, 1 + (1 + 2) + (2 + 1)),
        (3, 1 + (1 + 2 + 4) + (4 + 2 + 1)),
        (4, 1 + (1 + 2 + 4) + 8 + (4 + 2 + 1)),
    ],
)
def test_a_small_unet_that_does_not_pool_sees_as_far_as_its_dilations_add_up_to(levels, reach):
    torch.manual_seed(0)
    small = SmallUnet(1, 2, 2, (1, 2, 4, 8), pools=False).eval()
    for one in small.parameters():
        one.data.abs_()  # so that nothing is rectified away or cancels out
    if levels < 4:
        small.up[3 - levels][0].weight.data[:, :2] = 0  # deaf to the levels below
    x = torch.ones(1, 1, 61, 61, requires_grad=True)
    small(x)[0, 0, 30, 30].backward()
    expected = torch.zeros(61, 61, dtype=torch.bool)
    expected[30 - reach : 31 + reach, 30 - reach : 31 + reach] = True
    assert torch.equal(x.grad[0, 0] > 0, expected)


@torch.no_grad()
def test_cross_attention_says_what_a_loop_over_places_says():
    torch.manual_seed(0)
    attention = CrossAttention(8).eval()
    high, low = noise(1, 8, 5, 6, seed=2), noise(1, 8, 5, 6, seed=3)
    higher = attention.high(high)
    mean = torch.stack([higher[0, k].flatten().sum() / 30 for k in range(8)])
    channels = attention.down(mean[None, :, None, None])[0, :, 0, 0]
    lower = torch.stack([low[0, k] * channels[k] for k in range(8)])[None]
    inner = F.pad(attention.up(lower)[0], (1, 1, 1, 1))
    seen = torch.stack([inner.mean(0), inner.amax(0)])
    weighed = torch.zeros_like(higher)
    for row in range(5):
        for col in range(6):
            around = seen[:, row : row + 3, col : col + 3]
            weighed[0, :, row, col] = (
                higher[0, :, row, col] * (around * attention.places.conv.weight[0]).sum().sigmoid()
            )
    expected = torch.cat([attention.after(2 * lower), attention.after(2 * weighed)], dim=1)
    assert expected.std() > 0
    torch.testing.assert_close(attention(high, low), expected)


@torch.no_grad()
def test_where_high_level_features_lie_matters_to_high_level_ones_alone():
    torch.manual_seed(0)
    attention = CrossAttention(8).eval()
    high, low = noise(1, 8, 5, 6, seed=2), noise(1, 8, 5, 6, seed=3)
    before, after = attention(high, low).chunk(2, dim=1), attention(high.flip(-1), low).chunk(2, dim=1)
    torch.testing.assert_close(before[0], after[0])
    assert not torch.allclose(before[1], after[1])


def test_depths_and_dilations_are_those_of_the_paper_the_blocks_come_from(network):
    # RSU-7, 6, 5, 4, 4F and 4F going down, the mirror of the first five going up; the bottom of each is dilated by 2
    seven, six, five, four, flat = [1] * 6 + [2], [1] * 5 + [2], [1] * 4 + [2], [1] * 3 + [2], [1, 2, 4, 8]
    assert [dilations(one) for one in network.down] == [seven, six, five, four, flat, flat]
    assert [dilations(one) for one in network.up] == [flat, four, five, six, seven]
    for one in (*network.down, *network.up):
        assert [block[0].dilation[0] for block in one.up] == dilations(one)[-2::-1]


def dilations(small):
    return [block[0].dilation[0] for block in (*small.down, small.bottom)]


@torch.no_grad()
def test_each_level_says_what_the_recursion_says(network):
    x = noise(1, 1, 32, 64)
    found = network.eval().decoded(network.encoded(x))
    assert [tuple(one.shape[1:]) for one in found] == [
        (64, 32, 64),
        (64, 16, 32),
        (128, 8, 16),
        (256, 4, 8),
        (512, 2, 4),
        (512, 1, 2),
    ]
    for one, expected in zip(found, slow_levels(network, x), strict=True):
        assert one.std() > 0
        torch.testing.assert_close(one, expected)


@torch.no_grad()
def test_the_main_map_is_a_weighted_sum_of_six_side_maps(network):
    main, *sides = network.train()(noise(2, 1, 32, 32))
    weights = network.head.weight.flatten().tolist()
    assert len(sides) == len(weights) == 6
    total = sum(weight * side for weight, side in zip(weights, sides, strict=True)) + network.head.bias
    torch.testing.assert_close(main, total)


@torch.no_grad()
def test_every_map_of_an_odd_frame_has_its_size(network):
    trained, (alone,) = network.train()(noise(2, 1, 50, 67)), network.eval()(noise(1, 1, 50, 67))
    assert [tuple(one.shape) for one in trained] == [(2, 1, 50, 67)] * 7
    assert alone.shape == (1, 1, 50, 67)


def test_a_batch_of_one_frame_can_be_trained_on(network):
    maps = network.train()(noise(1, 1, 64, 64))
    gradients = torch.autograd.grad(sum(one.square().mean() for one in maps), list(network.parameters()))
    assert all(one.isfinite().all() for one in gradients)
