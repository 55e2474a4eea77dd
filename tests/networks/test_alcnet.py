"""Both networks called ALCNet: the paper's local contrast against a loop over pixels, LESPS's against its counts."""

import pytest
import torch
from oracles.multiply_adds import as_published, exact

from glimt.core.catalog import build
from glimt.core.errors import OptionError
from glimt.networks import NETWORKS
from glimt.networks.alcnet import Alcnet, local_contrast
from glimt.networks.alcnet_lesps import AlcnetLesps


def slow_contrast(x, far):
    """The least product of differences to opposite neighbours, pixel by pixel; beyond an edge comes the other edge."""
    rows, cols = x.shape
    out = torch.empty_like(x)
    for row in range(rows):
        for col in range(cols):
            products = []
            for down, right in ((0, 1), (1, 1), (1, 0), (1, -1)):
                here = x[row, col]
                one = x[(row + far * down) % rows, (col + far * right) % cols]
                other = x[(row - far * down) % rows, (col - far * right) % cols]
                products.append((here - one) * (here - other))
            out[row, col] = min(products)
    return out


@pytest.mark.parametrize("far", [1, 3, 13])
def test_local_contrast_is_that_of_a_loop_over_pixels(far):
    x = torch.randn(2, 3, 7, 10, generator=torch.Generator().manual_seed(far))
    found = local_contrast(x, far)
    for i in range(2):
        for channel in range(3):
            torch.testing.assert_close(found[i, channel], slow_contrast(x[i, channel], far))


@pytest.mark.parametrize("height", [3.0, -3.0])
def test_a_spot_stands_out_by_the_square_of_its_height_be_it_bright_or_dark(height):
    x = torch.ones(1, 1, 9, 9)
    x[0, 0, 4, 5] += height
    expected = torch.zeros(1, 1, 9, 9)
    expected[0, 0, 4, 5] = 9.0
    assert torch.equal(local_contrast(x, 2), expected)


def test_a_line_and_a_slope_do_not_stand_out():
    line = torch.zeros(1, 1, 12, 12)
    line[0, 0, 6] = 5.0
    assert local_contrast(line, 2).max() == 0
    slope = torch.arange(12.0).expand(1, 1, 12, 12)
    assert (local_contrast(slope, 2)[..., 2:-2] == -4).all()  # 2 above one neighbour, 2 below the other


def test_gradients_of_local_contrast_are_exact():
    x = torch.randn(1, 1, 5, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(0), requires_grad=True)
    assert torch.autograd.gradcheck(lambda values: local_contrast(values, 2), x)


@pytest.mark.parametrize("network", [Alcnet, AlcnetLesps])
def test_the_map_has_the_size_of_the_frame(network):
    torch.manual_seed(0)
    with torch.no_grad():
        maps = network(3, 2).eval()(torch.randn(1, 3, 41, 50))
    assert [one.shape for one in maps] == [(1, 2, 41, 50)]


def test_alcnet_starts_at_full_resolution_and_each_weight_learns():
    torch.manual_seed(0)
    network = Alcnet().train()
    seen = []
    network.head.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0].shape))
    network(torch.randn(2, 1, 32, 48))[0].square().mean().backward()
    assert seen == [(2, 4, 32, 48)]
    assert [name for name, one in network.named_parameters() if one.grad is None] == []


def test_each_stage_of_alcnet_passes_on_its_contrast_thirteen_pixels_wide():
    torch.manual_seed(0)
    network = Alcnet().eval()
    made, passed = [], []
    for block, side_in in zip(network.down, network.side_in, strict=True):
        block.register_forward_hook(lambda _, inputs, out: made.append(out[0]))
        side_in.register_forward_pre_hook(lambda _, inputs: passed.append(inputs[0][0]))
    with torch.no_grad():
        network(torch.randn(1, 1, 60, 52))
    assert [one.shape for one in passed] == [(16, 60, 52), (32, 30, 26), (64, 15, 13)]
    for stage, contrast in zip(made, passed, strict=True):
        torch.testing.assert_close(contrast[5], slow_contrast(stage[5], 13))


def test_alcnet_is_about_as_large_as_its_published_file():
    held = sum(one.numel() for one in Alcnet().state_dict().values())
    assert 4 * held == pytest.approx(1.5e6, rel=0.01)  # bytes; the file of the paper's authors is 1.5 MB of float32


def test_a_dilation_of_nothing_is_refused():
    with pytest.raises(OptionError, match="dilation must be at least 1, got 0"):
        build(NETWORKS, "alcnet", {"dilation": 0})


def test_the_lesps_variant_is_as_large_as_published():
    network = AlcnetLesps()
    assert sum(one.numel() for one in network.parameters()) == 519_889  # BasicIRSTD's class, instantiated
    used = sum(one.numel() for name, one in network.named_parameters() if not name.startswith("unused"))
    assert used == pytest.approx(0.427e6, rel=0.001)  # BasicIRSTD's table, whose counter sees only what is used
    assert as_published(network) == pytest.approx(0.378e9, rel=0.002)  # the same table
    assert exact(network) == 295_076_480


def test_only_the_unused_stages_of_the_lesps_variant_do_not_learn():
    torch.manual_seed(0)
    network = AlcnetLesps().train()
    network(torch.randn(2, 1, 64, 64))[0].square().mean().backward()
    idle = {name.split(".")[0] for name, one in network.named_parameters() if one.grad is None}
    assert idle == {"unused"}
