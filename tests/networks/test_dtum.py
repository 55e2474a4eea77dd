"""DTUM: its size against the published weights, its direction code in loops, and what it is never taught."""

from copy import deepcopy
from functools import cache

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from glimt.core.catalog import build
from glimt.networks import NETWORKS
from glimt.networks.dtum_blocks import Temporal, along, coded, over_time


def new(**options):
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return build(NETWORKS, "dtum", options, "network")


@cache
def made():
    """A network whose running statistics have seen frames; changed by no test."""
    network = new()
    with torch.no_grad():
        network.train()(frames(2, 32, 32))
    return network.eval()


def frames(batch, height, width, count=5, seed=1):
    return torch.randn(batch, count, height, width, generator=torch.Generator().manual_seed(seed))


def test_the_counts_are_those_of_the_published_weights():
    """298,305 parameters and 300,421 values under 254 keys; 2,116 of the values belong to the normalisations."""
    network = new()
    state = network.state_dict()
    assert sum(one.numel() for one in network.parameters()) == 298_305
    assert len(state) == 254
    assert sum(one.numel() for one in state.values()) == 300_421


@pytest.mark.parametrize(("size", "measured"), [(256, 10.0), (512, 39.9)])
def test_the_work_is_that_of_the_published_network(size, measured):
    """Measured by running it, in G, to one digit behind the point; here nothing is computed."""
    with torch.device("meta"):
        network, shown = new().eval(), torch.empty(1, 5, size, size)
    with FlopCounterMode(display=False) as counter:
        network(shown)
    assert round(counter.get_total_flops() / 2e9, 1) == measured


def test_the_code_tells_where_in_its_cell_the_largest_value_stands():
    x = frames(2, 6, 8, count=12).unflatten(1, (3, 4))
    answer = coded(x)
    assert answer.shape == (2, 3, 4, 3, 4)
    for b, c, t, row, col in torch.cartesian_prod(*(torch.arange(size) for size in answer.shape)).tolist():
        cell = x[b, c, t, 2 * row : 2 * row + 2, 2 * col : 2 * col + 2].flatten().tolist()
        largest = max(cell)
        assert answer[b, c, t, row, col].item() == pytest.approx(largest * (cell.index(largest) - 1.5))


def test_what_stands_still_and_what_moves_within_a_cell_are_told_apart():
    """A value of 2 at the top left in both frames, or on its way to the bottom right: -3, -3 or -3, 3."""
    still, moving = torch.zeros(1, 1, 2, 2, 2), torch.zeros(1, 1, 2, 2, 2)
    still[0, 0, :, 0, 0] = moving[0, 0, 0, 0, 0] = moving[0, 0, 1, 1, 1] = 2.0
    assert coded(still).flatten().tolist() == [-3.0, -3.0]
    assert coded(moving).flatten().tolist() == [-3.0, 3.0]


def test_a_convolution_over_time_is_one_of_three_dimensions_five_frames_long():
    block = over_time(32)[:1]
    x = torch.randn(2, 32, 5, 3, 4, generator=torch.Generator().manual_seed(0))
    plain = nn.functional.conv3d(x, block[0].weight[..., None], block[0].bias, padding=(2, 0, 0))
    torch.testing.assert_close(along(block, x), plain)


def test_each_frame_is_seen_alone_and_each_place_followed_through_time():
    network, seen = made(), []
    hook = network.temporal.register_forward_pre_hook(lambda _, args: seen.append(args[0]))
    with torch.no_grad():
        shown = frames(2, 16, 24)
        network(shown)
        network(shown[:, [0, 0, 2, 3, 4]])
    hook.remove()
    whole, changed = seen
    assert whole.shape == (2, 32, 5, 16, 24)
    torch.testing.assert_close(whole[:, :, [0, 0, 2, 3, 4]], changed)


def test_the_order_of_the_frames_matters():
    shown = frames(1, 32, 32)
    with torch.no_grad():
        (answer,) = made()(shown)
        for order in ([1, 0, 2, 3, 4], [3, 2, 1, 0, 4], [4, 1, 2, 3, 0]):
            assert not torch.allclose(made()(shown[:, order])[0], answer, rtol=1e-3)


def learnt(network):
    """The parameters that a step would move."""
    network.train()(frames(2, 32, 32))[0].square().mean().backward()
    return {key for key, value in network.named_parameters() if value.grad is not None}


def test_the_deep_levels_are_never_taught_unless_attached():
    """As in both published weights, whose five deep convolutions are as they were drawn at the start."""
    names = {key for key, _ in made().named_parameters()}
    deep = {key for key in names if key.startswith("temporal.deep.")}
    assert len(deep) == 5 * 4
    assert learnt(deepcopy(made())) == names - deep
    assert learnt(new(detach=False)) == names


def test_detached_or_not_the_answer_is_the_same_and_the_deep_levels_have_a_say():
    x = torch.randn(1, 32, 5, 8, 8, generator=torch.Generator().manual_seed(0))
    module = Temporal(5, detach=True).eval()
    with torch.no_grad():
        before = module(x)
        module.detach = False
        assert torch.equal(module(x), before)
        module.deep.up[-1][0].bias.add_(1.0)
        assert not torch.allclose(module(x), before, atol=1e-3)


def test_the_deep_levels_start_in_the_range_seen_in_the_published_weights():
    """Within 0.0791 and 0.0559, the bounds torch draws from for 32 x 5 and 64 x 5 values."""
    deep = new().temporal.deep
    for blocks, bound in ((deep.down, 0.0791), (deep.up, 0.0559)):
        for block in blocks:
            assert block[0].weight.abs().max().item() == pytest.approx(bound, rel=0.01)


def test_another_number_of_frames_is_refused_rather_than_left_unseen():
    with pytest.raises(ValueError, match="expected 5 frames as channels, got 6"):
        made()(frames(1, 16, 16, count=6))
