"""What every network must do, whatever its name."""

from copy import deepcopy
from functools import cache

import pytest
import torch
from torch import nn

from glimt.core.catalog import build
from glimt.networks import NETWORKS

ELSEWHERE = {"rprnet"}  # answers cells of 4 x 4 pixels through three heads: tests/networks/test_rprnet.py
NAMES = sorted(set(NETWORKS) - ELSEWHERE)
CHANNELS = {"dtum": 5}  # frames of a sequence
UNUSED = {"alcnet_lesps": "unused.", "dtum": "temporal.deep."}  # as published; their docstrings say so


def new(name, seed=0, **options):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return build(NETWORKS, name, options, "network")


@cache
def made(name):
    """A network whose running statistics have seen frames; asked by many tests, changed by none."""
    network = new(name)
    network.train()(shown(name, 2, 48, 48))
    return network.eval()


def own(name):
    """A copy to change."""
    return deepcopy(made(name))


def frames(batch, height, width, channels=1):
    return torch.randn(batch, channels, height, width, generator=torch.Generator().manual_seed(1))


def shown(name, batch, height, width):
    """As many channels as the network sees unless told otherwise."""
    return frames(batch, height, width, CHANNELS.get(name, 1))


def constant(conv, value):
    """Let a convolution say `value` whatever it sees."""
    nn.init.zeros_(conv.weight)
    nn.init.constant_(conv.bias, value)


@pytest.mark.parametrize("name", NAMES)
class TestEveryNetwork:
    @pytest.mark.parametrize("size", [(32, 32), (41, 54)])
    def test_the_answer_is_one_map_as_large_as_the_frame(self, name, size):
        with torch.no_grad():
            maps = made(name)(shown(name, 1, *size))
        assert isinstance(maps, tuple)
        assert [tuple(one.shape) for one in maps] == [(1, 1, *size)]
        assert maps[0].isfinite().all()

    def test_side_maps_come_with_training_one_for_each_side_convolution_in_their_order(self, name):
        network = own(name).train()
        for i, side in enumerate(network.sides):
            constant(side, i + 1.0)
        with torch.no_grad():
            main, *sides = network(shown(name, 2, 41, 54))
        assert main.shape == (2, 1, 41, 54)
        assert len(sides) == len(network.sides)
        for i, one in enumerate(sides):
            assert one.shape[:2] == (2, 1)
            torch.testing.assert_close(one, torch.full_like(one, i + 1.0))

    def test_the_head_makes_the_main_map_of_the_penultimate_features_and_nothing_comes_after(self, name):
        network, seen = own(name), []
        head = network.head
        assert isinstance(head, nn.Conv2d)
        network.head.register_forward_pre_hook(lambda _, args: seen.append(args[0]))
        with torch.no_grad():
            before = network(shown(name, 1, 32, 32))[0]
            constant(network.head, 2.5)  # a probability could not be 2.5
            after = network(shown(name, 1, 32, 32))[0]
        assert seen[0].shape[:2] == (1, head.in_channels)
        assert before.std() > 0
        torch.testing.assert_close(after, torch.full_like(after, 2.5))

    def test_the_head_may_be_replaced_by_one_of_more_maps(self, name):
        network = own(name)
        old = network.head
        network.head = nn.Conv2d(old.in_channels, 5, old.kernel_size, padding=old.padding)
        constant(network.head, -1.0)
        with torch.no_grad():
            (main,) = network(shown(name, 1, 41, 54))
        torch.testing.assert_close(main, torch.full((1, 5, 41, 54), -1.0))

    def test_three_channels_in_and_two_out(self, name):
        network = new(name, in_channels=3, out_channels=2)
        with torch.no_grad():
            trained = network.train()(frames(2, 32, 32, channels=3))
            (main,) = network.eval()(frames(1, 32, 32, channels=3))
        assert main.shape == (1, 2, 32, 32)
        assert {one.shape[1] for one in trained} == {2}

    def test_the_gradient_reaches_every_parameter_but_those_said_to_be_unused(self, name):
        network = own(name).train()
        sum(one.square().mean() for one in network(shown(name, 2, 32, 32))).backward()
        without = {key for key, value in network.named_parameters() if value.grad is None}
        unused = UNUSED.get(name)
        assert without == {key for key, _ in network.named_parameters() if unused and key.startswith(unused)}
        assert all(value.grad.isfinite().all() for value in network.parameters() if value.grad is not None)

    def test_a_batch_of_one_frame_can_be_learnt(self, name):
        maps = new(name).train()(shown(name, 1, 64, 64))
        assert all(torch.isfinite(one).all() for one in maps)

    def test_weights_carry_the_whole_network(self, name):
        other = new(name, seed=7).eval()
        x = shown(name, 1, 32, 32)
        with torch.no_grad():
            assert not torch.equal(other(x)[0], made(name)(x)[0])
            other.load_state_dict(made(name).state_dict())
            assert torch.equal(other(x)[0], made(name)(x)[0])

    def test_a_frame_is_answered_alike_alone_and_in_a_batch(self, name):
        x = shown(name, 2, 41, 54)
        with torch.no_grad():
            (both,) = made(name)(x)
            alone = torch.cat([made(name)(one[None])[0] for one in x])
        torch.testing.assert_close(both, alone, rtol=1e-4, atol=1e-4)
