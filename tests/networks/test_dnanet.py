"""DNA-Net: size and work against the published network, its nesting against the recursion that defines it."""

import pytest
import torch
import torch.nn.functional as F
from oracles.multiply_adds import as_published, exact

from glimt.networks.attention import ChannelAttention
from glimt.networks.dnanet import Dnanet

PUBLISHED_PARAMETERS = 4_696_568  # BasicIRSTD's class, instantiated
PUBLISHED_TENSORS = 570  # in its state


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    return Dnanet()


def frames(batch, height, width):
    return torch.randn(batch, 1, height, width, generator=torch.Generator().manual_seed(1))


def resized(x, size):
    return F.interpolate(x, size, mode="bilinear", align_corners=True)


def slow_feature(network, x, level, step):
    """What a step says, asked of those it sees, each of which is worked out anew."""
    if step == 0:
        seen = x if level == 0 else F.max_pool2d(slow_feature(network, x, level - 1, 0), 2)
        return network.first[level](seen)
    size = x.shape[2] >> level, x.shape[3] >> level
    seen = [slow_feature(network, x, level, earlier) for earlier in range(step)]
    seen.append(resized(slow_feature(network, x, level + 1, step - 1), size))
    if level:
        seen.append(resized(slow_feature(network, x, level - 1, step), size))
    return network.later[step - 1].blocks[level](torch.cat(seen, dim=1))


def test_its_size_is_the_published_one(network):
    assert sum(one.numel() for one in network.parameters()) == PUBLISHED_PARAMETERS
    assert len(network.state_dict()) == PUBLISHED_TENSORS


def test_its_multiply_adds_are_those_counted_at_the_published_network():
    with torch.device("meta"):
        assert exact(Dnanet()) == pytest.approx(13.9e9, rel=0.001)


def test_its_operations_are_those_of_the_published_table_whose_counter_charges_for_resizing_too(network, monkeypatch):
    resized_values, averaged_values, interpolate = [], [], F.interpolate

    def noted(*args, **options):
        out = interpolate(*args, **options)
        resized_values.append(out.numel())
        return out

    monkeypatch.setattr(F, "interpolate", noted)
    means = [one for one in network.modules() if isinstance(one, ChannelAttention)]
    hooks = [one.register_forward_hook(lambda _, x, out: averaged_values.append(out.numel())) for one in means]
    convolved = as_published(network)
    for hook in hooks:
        hook.remove()
    assert len(resized_values) == 10 + 6 + 4  # enlarged from below, shrunk from above, and for the fusion
    operations = convolved + 11 * sum(resized_values) + sum(averaged_values)
    assert operations == pytest.approx(14.26e9, abs=0.005e9)  # 14.25 if the six were pooled instead


@torch.no_grad()
def test_each_step_says_what_the_recursion_says(network):
    network.eval()
    x = frames(1, 16, 32)
    levels = network.levels(x)
    assert [len(level) for level in levels] == [5, 4, 3, 2, 1]
    for i, level in enumerate(levels):
        for step, found in enumerate(level):
            assert found.std() > 0
            torch.testing.assert_close(found, slow_feature(network, x, i, step))


@torch.no_grad()
def test_the_main_map_is_read_off_the_last_step_of_each_level(network):
    x = frames(1, 32, 32)
    last = [level[-1] for level in network.eval().levels(x)]
    narrowed = [resized(network.narrow[i](last[i + 1]), (32, 32)) for i in range(4)]
    fused = network.fuse(torch.cat([*narrowed[::-1], last[0]], dim=1))
    torch.testing.assert_close(network(x)[0], network.head(fused))


@torch.no_grad()
def test_side_maps_are_read_off_the_steps_between_first_and_last_at_full_size(network):
    x = frames(2, 32, 32)
    _, *sides = network.train()(x)
    steps = network.levels(x)[0]
    assert len(sides) == 3
    for i, side in enumerate(sides):
        torch.testing.assert_close(side, network.sides[i](steps[i + 1]))


def test_side_map_k_needs_no_level_deeper_than_k():
    torch.manual_seed(0)
    for k in (1, 2, 3):
        network = Dnanet().train()
        network(frames(2, 32, 32))[k].square().mean().backward()
        steps = enumerate([network.first, *(step.blocks for step in network.later)])
        reached = {(i, s) for s, blocks in steps for i, block in enumerate(blocks) if has_gradient(block)}
        assert reached == {(i, s) for s in range(5) for i in range(5 - s) if i + s <= k}


def has_gradient(module):
    return all(one.grad is not None for one in module.parameters())


def test_maps_of_an_odd_frame_have_its_size(network):
    with torch.no_grad():
        trained, (alone,) = network.train()(frames(2, 50, 67)), network.eval()(frames(1, 50, 67))
    assert [tuple(one.shape) for one in trained] == [(2, 1, 50, 67)] * 4
    assert alone.shape == (1, 1, 50, 67)


def test_a_few_steps_of_training_find_a_bright_pixel():
    torch.manual_seed(0)
    network = Dnanet().train()
    x = 0.1 * frames(2, 32, 32)
    x[0, 0, 9, 20] = x[1, 0, 24, 5] = 4.0
    target = (x > 2).float()
    optimizer = torch.optim.Adam(network.parameters(), 5e-3)
    for _ in range(8):
        optimizer.zero_grad()
        loss = sum(F.binary_cross_entropy_with_logits(one, target, pos_weight=torch.tensor(50.0)) for one in network(x))
        loss.backward()
        optimizer.step()
    main = network(x)[0].detach()
    assert [divmod(int(one.argmax()), 32) for one in main] == [(9, 20), (24, 5)]
