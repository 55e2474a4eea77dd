"""U-Net: size and work against the published network, its levels against the recursion that defines it."""

import pytest
import torch
import torch.nn.functional as F
from oracles.multiply_adds import as_published, exact

from glimt.networks.unet import Unet

PUBLISHED_PARAMETERS = 34_525_889  # BasicIRSTD's class, instantiated
PUBLISHED_TENSORS = 156  # in its state


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    return Unet()


def frames(batch, height, width):
    return torch.randn(batch, 1, height, width, generator=torch.Generator().manual_seed(1))


def slow_features(network, x, level=0):
    """What a level makes of its input: its own skip beside the level below, each pixel of which is written four times.

    Blocks of the decoder are kept from the lowest level upwards.
    """
    skip = network.down[level](x)
    if level == 4:
        return skip
    halves = torch.stack([skip[..., i::2, j::2] for i in (0, 1) for j in (0, 1)])
    below = slow_features(network, halves.amax(0), level + 1)
    below = below.repeat_interleave(2, dim=2).repeat_interleave(2, dim=3)
    return network.up[3 - level](torch.cat([skip, network.enlarge[3 - level](below)], dim=1))


def test_its_size_is_the_published_one(network):
    assert sum(one.numel() for one in network.parameters()) == PUBLISHED_PARAMETERS
    assert len(network.state_dict()) == PUBLISHED_TENSORS


def test_its_multiply_adds_are_those_counted_at_the_published_network():
    with torch.device("meta"):
        assert exact(Unet()) == pytest.approx(65.3e9, abs=0.05e9)


def test_its_operations_are_those_of_the_published_table_in_which_repeating_pixels_is_free():
    with torch.device("meta"):
        assert as_published(Unet()) == pytest.approx(65.4e9, abs=0.05e9)  # 65.6 if they were interpolated


@torch.no_grad()
def test_its_map_is_read_off_what_the_recursion_says(network):
    x = frames(1, 32, 48)
    (main,) = network.eval()(x)
    features = slow_features(network, x)
    assert features.std() > 0
    expected = torch.einsum("bchw,kc->bkhw", features, network.head.weight[..., 0, 0]) + network.head.bias
    torch.testing.assert_close(main, expected)


@torch.no_grad()
def test_levels_halve_in_size_and_double_in_channels(network):
    sizes = [tuple(one.shape[1:]) for one in network.eval().encoded(frames(1, 32, 48))]
    assert sizes == [(64, 32, 48), (128, 16, 24), (256, 8, 12), (512, 4, 6), (1024, 2, 3)]


@torch.no_grad()
def test_a_frame_of_odd_size_is_answered_as_if_zeros_lay_around_it(network):
    x = frames(1, 50, 67)
    (main,) = network.eval()(x)
    (whole,) = network(F.pad(x, (0, 80 - 67, 0, 64 - 50)))
    assert main.shape == (1, 1, 50, 67)
    torch.testing.assert_close(main, whole[..., :50, :67])


def test_there_are_no_side_maps_to_train(network):
    with torch.no_grad():
        maps = network.train()(frames(2, 32, 32))
    assert len(maps) == 1
    assert len(network.sides) == 0
