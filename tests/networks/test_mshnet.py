"""MSHNet: size and work against the published network, its head against a slow form."""

import pytest
import torch
import torch.nn.functional as F
from torch.utils.flop_counter import FlopCounterMode

from glimt.networks.mshnet import Mshnet
from glimt.networks.residual import Residual

PUBLISHED_PARAMETERS = 4_065_513  # of three input channels
PUBLISHED_TENSORS = 340  # in its state
PUBLISHED_GMAC = 6.00  # at 256 x 256


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    return Mshnet()


def frames(batch, height, width):
    return torch.randn(batch, 1, height, width, generator=torch.Generator().manual_seed(1))


def test_its_size_is_the_published_one():
    with torch.device("meta"):
        network, grey = Mshnet(in_channels=3), Mshnet()
    assert sum(one.numel() for one in network.parameters()) == PUBLISHED_PARAMETERS
    assert len(network.state_dict()) == PUBLISHED_TENSORS
    assert sum(one.numel() for one in grey.parameters()) == PUBLISHED_PARAMETERS - 32


def test_its_multiply_adds_are_the_published_ones():
    with torch.device("meta"):
        network, frame = Mshnet(in_channels=3).eval(), torch.empty(1, 3, 256, 256)
    with FlopCounterMode(display=False) as counter:
        network(frame)
    assert counter.get_total_flops() / 2e9 == pytest.approx(PUBLISHED_GMAC, rel=0.01)


def test_side_maps_are_a_whole_a_half_a_quarter_and_an_eighth_of_the_frame(network):
    sizes = [tuple(one.shape[2:]) for one in network.train()(frames(2, 32, 48))]
    assert sizes == [(32, 48), (32, 48), (16, 24), (8, 12), (4, 6)]


def test_side_maps_of_an_odd_frame_cover_it(network):
    sizes = [tuple(one.shape[2:]) for one in network.train()(frames(2, 41, 54))]
    assert sizes == [(41, 54), (41, 54), (21, 27), (11, 14), (6, 7)]


def test_the_main_map_is_a_convolution_over_the_side_maps_enlarged(network):
    main, *sides = network.train()(frames(2, 32, 32))
    whole = torch.cat([F.interpolate(one, (32, 32), mode="bilinear", align_corners=True) for one in sides], dim=1)
    row, col = 7, 30
    seen = whole[:, :, row - 1 : row + 2, col - 1 : col + 2]
    expected = (seen * network.head.weight[0]).sum((1, 2, 3)) + network.head.bias
    torch.testing.assert_close(main[:, 0, row, col], expected)


def test_a_block_whose_body_says_nothing_is_its_way_past_rectified():
    torch.manual_seed(0)
    block, x = Residual(4, 16), torch.randn(2, 4, 8, 8)
    with torch.no_grad():
        assert not torch.allclose(block(x), block.past(x).relu())
        block.body[4].weight.zero_()  # its last normalisation
        torch.testing.assert_close(block(x), block.past(x).relu())
