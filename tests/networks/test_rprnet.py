"""RPR-Net: its size against Table VII of paper 001, its equations by hand, and a stream to the bit."""

import math
from copy import deepcopy
from functools import cache

import pytest
import torch
from oracles.multiply_adds import as_published, exact
from torch import nn

from glimt.core.catalog import build
from glimt.core.errors import OptionError
from glimt.inference.fuse import fold
from glimt.networks import NETWORKS
from glimt.networks.rprnet_blocks import Pooled
from glimt.networks.rprnet_temporal import DifferenceAttention, Fusion

HOW = ["attention", "nogate", "concat", "single"]
SCALE = (512 / 128) ** 2  # of multiply-adds from 128 x 128, where they are counted, to 512 x 512


def new(**options):
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return build(NETWORKS, "rprnet", options, "network")


@cache
def made(temporal="attention"):
    """A small network whose running statistics are those of frames; asked by many tests, changed by none."""
    network = new(temporal=temporal, width=0.25)
    for part in network.modules():
        if isinstance(part, nn.BatchNorm2d):
            part.momentum = 1.0
    with torch.no_grad():
        network.train()(frames(2, 48, 48, network.frames))
    return network.eval()


def frames(batch, height, width, count=3, seed=1):
    return torch.randn(batch, count, height, width, generator=torch.Generator().manual_seed(seed))


class Triplet(nn.Module):
    """Shows one frame three times."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        return self.network(x.expand(-1, self.network.frames, -1, -1))


class Frame(nn.Module):
    """The part that a stream does once a frame."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        return self.network.features(x)


def parameters(network):
    return sum(one.numel() for one in network.parameters())


def test_the_size_and_the_work_are_those_of_the_paper():
    """Table VII: 1.55 M and 13.28 G; what it calls FLOPs are multiply-adds, with four for each normalised value."""
    network = new()
    assert parameters(network) == pytest.approx(1.55e6, rel=0.05)
    assert SCALE * exact(Triplet(network), 128) == pytest.approx(13.28e9, rel=0.05)
    assert SCALE * as_published(Triplet(network), 128) == pytest.approx(13.28e9, rel=0.05)


def test_a_stream_multiplies_less_than_four_tenths_of_a_triplet():
    network = new()
    whole, frame = exact(Triplet(network), 128), exact(Frame(network), 128)
    assert (whole - 2 * frame) / whole < 0.38
    assert frame / whole < 0.4


def test_wider_and_deeper_forms_grow_as_the_backbone_does():
    """Stage 5 by hand at a base of 16: 128 -> 256 channels, pooling, one bottleneck of 128, and the pyramid's level."""
    small, deep = new(width=0.25), new(width=0.25, stride=32)
    conv = lambda inputs, outputs, side: inputs * outputs * side**2 + 2 * outputs  # noqa: E731
    pooled = conv(256, 128, 1) + conv(512, 256, 1)
    crossed = conv(256, 256, 1) + conv(128, 128, 1) + conv(128, 128, 3) + conv(256, 256, 1)
    pyramid = conv(256, 128, 1) + conv(128, 128, 3)
    assert parameters(deep) - parameters(small) == conv(128, 256, 3) + pooled + crossed + pyramid
    assert parameters(new(width=0.375)) < parameters(new()) < parameters(new(width=0.75))


@pytest.mark.parametrize("temporal", HOW)
@pytest.mark.parametrize("height_width", [(32, 48), (41, 54), (1, 5)])
def test_the_answer_is_one_map_of_a_quarter_of_the_size_rounded_up(temporal, height_width):
    height, width = height_width
    network = made(temporal)
    with torch.no_grad():
        maps = network(frames(1, height, width, network.frames))
    assert [tuple(one.shape) for one in maps] == [(1, 4, math.ceil(height / 4), math.ceil(width / 4))]
    assert maps[0].isfinite().all()


def test_stride_32_answers_as_large():
    with torch.no_grad():
        (answer,) = new(width=0.25, stride=32).eval()(frames(1, 41, 54))
    assert answer.shape == (1, 4, 11, 14)


@pytest.mark.parametrize("temporal", HOW)
@pytest.mark.parametrize("batch", [1, 3])
def test_a_triplet_is_answered_as_its_features_are_to_the_bit(temporal, batch):
    network = made(temporal)
    shown = frames(batch, 41, 54, network.frames)
    with torch.no_grad():
        kept = [network.features(frame.contiguous()) for frame in shown.split(1, dim=1)]
        assert torch.equal(network(shown)[0], network.fuse(*kept)[0])


def test_a_stream_of_frames_is_answered_as_its_triplets_are_to_the_bit():
    """Also folded, as prediction runs it."""
    network, shown = fold(made()), frames(1, 40, 56, 6)
    with torch.no_grad():
        kept = [network.features(shown[:, i : i + 1]) for i in range(6)]
        for i in range(1, 5):
            (streamed,) = network.fuse(*kept[i - 1 : i + 2])
            assert torch.equal(streamed, network(shown[:, i - 1 : i + 2])[0])


def test_training_sees_the_frames_in_the_same_order():
    """In training they go through at once; with statistics that no batch changes the answer is the same."""
    network, shown = deepcopy(made()), frames(2, 32, 32)
    with torch.no_grad():
        (alone,) = network.eval()(shown)
        network.training = True
        (together,) = network(shown)
    torch.testing.assert_close(together, alone, rtol=1e-4, atol=1e-5)
    assert not torch.allclose(together[:1], together[1:], atol=1e-3)


@pytest.mark.parametrize("temporal", HOW)
def test_the_gradient_reaches_every_parameter(temporal):
    network = deepcopy(made(temporal)).train()
    network(frames(2, 32, 32, network.frames))[0].square().mean().backward()
    assert all(value.grad is not None and value.grad.isfinite().all() for value in network.parameters())


@pytest.mark.parametrize("temporal", ["attention", "nogate", "concat"])
def test_the_past_and_the_future_have_a_say_and_their_own(temporal):
    network, shown = made(temporal), frames(1, 32, 32)
    with torch.no_grad():
        (answer,) = network(shown)
        for order in ([0, 1, 0], [2, 1, 2], [2, 1, 0]):
            assert not torch.allclose(network(shown[:, order])[0], answer, atol=1e-3)


def test_attention_by_hand():
    """One channel, two places: past (0, 1), present (1, 1), future (2, 1): differences (2, 0), jitter 2 / 2."""
    past, present, future = (torch.tensor([[[row]]]) for row in ([0.0, 1.0], [1.0, 1.0], [2.0, 1.0]))
    module = DifferenceAttention(1, gated=True)
    nn.init.constant_(module.motion.weight, 3.0)
    nn.init.constant_(module.motion.bias, -1.0)
    nn.init.constant_(module.alpha, 0.5)
    sigmoid = lambda z: 1 / (1 + math.exp(-z))  # noqa: E731
    gate = math.exp(-0.5)
    expected = torch.tensor([1 + gate * sigmoid(3 * 2 - 1), 1 + gate * sigmoid(-1)])
    torch.testing.assert_close(module(past, present, future).flatten(), expected)
    nn.init.constant_(module.alpha, -0.5)  # counts by its absolute value
    torch.testing.assert_close(module(past, present, future).flatten(), expected)
    free = DifferenceAttention(1, gated=False)
    free.motion.load_state_dict(module.motion.state_dict())
    torch.testing.assert_close(free(past, present, future).flatten(), torch.tensor([1 + sigmoid(5), 1 + sigmoid(-1)]))


def test_the_gate_closes_as_the_scene_jitters_and_belongs_to_each_scene():
    module = DifferenceAttention(2, gated=True)
    past, future = torch.zeros(2, 2, 3, 3), torch.zeros(2, 2, 3, 3)
    future[1] = 100.0
    gates = module.gate(past, future)
    assert gates.shape == (2, 1, 1, 1)
    assert gates.flatten().tolist() == pytest.approx([1.0, 0.0], abs=1e-6)
    assert module.alpha.item() == 1.0


def test_fusion_is_the_weighted_sum_of_equations_13_and_14():
    module = Fusion(4).eval()
    module.smooth = nn.Identity()
    past, present, future = (torch.randn(2, 4, 3, 5, generator=torch.Generator().manual_seed(i)) for i in range(3))
    stack = torch.cat([past, present, future], dim=1)
    inner = torch.relu(stack.mean((2, 3)) @ module.weigh[0].weight.T + module.weigh[0].bias)
    weights = torch.sigmoid(inner @ module.weigh[2].weight.T + module.weigh[2].bias)[:, :, None, None]
    expected = (stack * weights).unflatten(1, (3, 4)).sum(dim=1)
    torch.testing.assert_close(module(past, present, future), expected)


def test_pooling_looks_through_windows_of_5_9_and_13():
    module, seen = Pooled(8).eval(), []
    module.join.register_forward_pre_hook(lambda _, args: seen.append(args[0]))
    x = torch.randn(1, 8, 16, 16, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        module(x)
        narrow = module.narrow(x)
    windows = [nn.functional.max_pool2d(narrow, size, stride=1, padding=size // 2) for size in (1, 5, 9, 13)]
    torch.testing.assert_close(seen[0], torch.cat(windows, dim=1))


def test_an_untrained_network_believes_in_few_centres():
    with torch.no_grad():
        (answer,) = new().train()(frames(2, 64, 64))
    assert torch.sigmoid(answer[:, 0]).mean().item() == pytest.approx(0.1, abs=0.05)
    assert new().heatmap[-1].bias.item() == pytest.approx(-2.19, abs=0.01)


def test_a_folded_network_has_no_normalisation_left():
    for temporal in HOW:
        assert not any(isinstance(part, nn.BatchNorm2d) for part in fold(made(temporal)).modules())


def test_it_learns_to_tell_what_moves_from_what_stands_still():
    """Nothing in the present frame alone tells the two apart."""
    torch.manual_seed(0)
    network = new(width=0.125).train()
    shown, moving = torch.zeros(8, 3, 32, 32), torch.arange(8) % 2
    for i in range(8):
        for time in range(3):
            shown[i, time, 14:18, 14 + 6 * (time - 1) * int(moving[i]) :][:, :4] = 2.0
    optimizer = torch.optim.AdamW(network.parameters(), lr=3e-3)
    for _ in range(25):
        optimizer.zero_grad()
        belief = network(shown)[0][:, 0, 4, 4]
        loss = nn.functional.binary_cross_entropy_with_logits(belief, moving.float())
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.1


@pytest.mark.parametrize(
    "options",
    [
        {"in_channels": 1},
        {"in_channels": 5},
        {"in_channels": 3, "temporal": "single"},
        {"stride": 8},
        {"width": 0.0},
        {"temporal": "lstm"},
    ],
)
def test_options_that_cannot_be_are_refused(options):
    with pytest.raises(OptionError, match=r"^rprnet: "):
        new(**options)


def test_another_number_of_frames_is_refused_rather_than_left_unseen():
    with pytest.raises(ValueError, match="expected 3 frames as channels, got 5"):
        made()(frames(1, 32, 32, 5))
