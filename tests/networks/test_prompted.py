"""Any network with a second look at the prompt; the oracles are paper 004, Table 2, and a pool written out in loops."""

from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy

import pytest
import torch
from oracles.multiply_adds import as_published
from torch import nn
from torch.optim.swa_utils import AveragedModel

from glimt.core.catalog import build
from glimt.core.errors import OptionError
from glimt.networks import NETWORKS
from glimt.networks.prompted import Prompted, shown
from glimt.training.prior import set_prior


def new(name="acm", **options):
    torch.manual_seed(0)
    return Prompted(build(NETWORKS, name, {"in_channels": 3} | options, "network"))


def frames(batch, height, width, at=()):
    """Noise, and a prompt with a pixel of one at each of `at`."""
    x = torch.randn(batch, 3, height, width, generator=torch.Generator().manual_seed(1))
    x[:, -1] = 0
    for row, col in at:
        x[:, -1, row, col] = 1
    return x


def only_prompt(network):
    """Let the head answer with the prompt and nothing else."""
    conv = network.head.conv
    nn.init.zeros_(conv.weight)
    nn.init.zeros_(conv.bias)
    with torch.no_grad():
        conv.weight[:, -1, conv.kernel_size[0] // 2, conv.kernel_size[1] // 2] = 1
    return network.eval()


class Grey(nn.Module):
    """As another package would bring it."""

    def forward(self, x):
        return (x,)


@pytest.mark.parametrize("name", sorted(set(NETWORKS) - {"rprnet"}))  # which has three heads, and is refused
def test_the_head_of_every_network_is_shown_the_prompt_in_its_place(name):
    """Sides of 41 and 54 are padded inside: brought to the features from 41 x 54, the point (33, 50) would move."""
    network, sizes = only_prompt(new(name)), []
    network.head.register_forward_pre_hook(lambda _, args: sizes.append(args[0].shape[-1]))
    with torch.no_grad():
        (main,) = network(frames(1, 41, 54, at=[(33, 50)]))
    step = 64 // sizes[0]
    assert main.shape == (1, 1, 41, 54)
    assert main.min() == 0
    row, col = divmod(int(main.argmax()), 54)
    assert (row // step, col // step) == (33 // step, 50 // step)
    assert main.max() > 0.5  # 9 16ths where a map is enlarged twofold between its pixels
    assert (main > 0).sum() <= (2 * step) ** 2


def test_no_point_is_lost_where_the_features_are_smaller():
    """The pool, in loops: ACM's features are a quarter of the frame's size; points at each place within a cell."""
    network, seen = new("acm"), []
    network.head.conv.register_forward_pre_hook(lambda _, args: seen.append(args[0][0, -1]))
    at = [(0, 0), (5, 6), (10, 13), (31, 31), (19, 28)]
    with torch.no_grad():
        network.eval()(frames(1, 32, 32, at))
    cells = {(row // 4, col // 4) for row, col in at}
    assert seen[0].tolist() == [[float((row, col) in cells) for col in range(8)] for row in range(8)]


@pytest.mark.parametrize(
    ("name", "printed", "size"),
    [("acm", 0.405, 397_823), ("alcnet_lesps", 0.381, 519_889), ("dnanet", None, 4_696_568)],
)
def test_it_costs_what_the_paper_prints(name, printed, size):
    """Table 2: 0.402 G become 0.405 G (ACM), 0.378 become 0.381 (ALCNet); DNA-Net 0.02 G more, 14.26 to 14.28."""
    network = new(name)
    triple = nn.Sequential(Expand(), network)
    if printed is not None:
        assert round(as_published(triple) / 1e9, 3) == printed
    else:
        plain = as_published(build(NETWORKS, name, {}, "network"), 64)
        assert round((as_published(triple, 64) - plain) * 16 / 1e9, 2) == 0.02
    extra = sum(one.numel() for one in network.parameters()) - size
    first = next(one for one in network.network.modules() if isinstance(one, nn.Conv2d))
    assert 0 < extra - 1 <= 2 * 10 * first.out_channels  # two more channels of the first 3x3 and 1x1, one of the head


class Expand(nn.Module):
    def forward(self, x):
        return x.expand(-1, 3, -1, -1)


def test_it_has_the_parameters_of_the_published_weights():
    """EDGSP_SCTransNet: 11,326,598, of which 18 are the edge filters, and 122,944 are those no map depends on."""
    with torch.device("meta"):
        network = new("sctransnet")
    assert sum(one.numel() for one in network.parameters()) == 11_326_598 - 18 - 122_944


@pytest.mark.parametrize("name", ["mshnet", "dnanet"])
def test_side_maps_come_as_before_and_every_weight_learns(name):
    network = new(name).train()
    maps = network(frames(2, 41, 54, at=[(20, 20)]))
    assert len(maps) == 1 + len(network.sides)
    assert all(one.shape[-1] <= 54 for one in maps)
    sum(one.square().mean() for one in maps).backward()
    assert [key for key, one in network.named_parameters() if one.grad is None] == []
    assert network.head.conv.weight.grad[:, -1].abs().sum() > 0


def test_nothing_stays_behind_after_a_call_even_one_that_fails():
    network = new("tiny").eval()
    before = set(vars(network.head))
    with torch.no_grad():
        one, two = (network(frames(1, 32, 32, at))[0] for at in ([(3, 3)], []))
        assert not torch.equal(one, two)
        assert torch.equal(network(frames(1, 32, 32, [(3, 3)]))[0], one)
    with pytest.raises(RuntimeError):
        network(torch.zeros(1, 7, 32, 32))
    assert set(vars(network.head)) == before
    with pytest.raises(LookupError):
        shown.get()


def test_two_threads_may_ask_one_network():
    network = new("tiny").eval()
    asked = [frames(1, 32 + 32 * (i % 2), 32, [(i % 30, 5)]) for i in range(24)]

    def ask(x):
        with torch.no_grad():
            return network(x)[0]

    alone = [ask(x) for x in asked]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(ask, asked))
    assert all(torch.equal(one, other) for one, other in zip(alone, together, strict=True))


def test_copies_averages_and_weights_carry_the_whole_network():
    network, x = new("tiny").eval(), frames(1, 40, 33, [(20, 20)])
    other = new("tiny")
    nn.init.zeros_(other.head.conv.weight)
    other.load_state_dict(network.state_dict())
    with torch.no_grad():
        for copy in (deepcopy(network), AveragedModel(network).module, other.eval()):
            assert torch.equal(copy(x)[0], network(x)[0])
    assert network.state_dict()["network.head.conv.weight"].shape == (1, 9, 1, 1)


def test_half_the_digits_are_enough():
    network, x = new("acm").eval(), frames(1, 32, 32, [(20, 20)])
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        short = network(x)[0]
    with torch.no_grad():
        torch.testing.assert_close(short.float(), network(x)[0], rtol=0.1, atol=0.1)


def test_it_starts_with_the_prior_share_of_positives():
    network = new("mshnet")
    set_prior(network, frames(2, 64, 64, [(9, 9)]), 0.01)
    with torch.no_grad():
        main = network.eval()(frames(2, 64, 64, [(9, 9)]))[0]
    assert main.mean().item() == pytest.approx(-4.595, abs=0.3)  # the logit of 0.01


def test_a_network_without_a_head_to_replace_is_refused():
    with pytest.raises(
        OptionError, match=r"Grey cannot be prompted twice: it has no `head`, not .* set task.second=fals"
    ):
        Prompted(Grey())
    network = build(NETWORKS, "tiny", {}, "network")
    network.head = nn.Sequential(network.head, nn.Sigmoid())
    with pytest.raises(OptionError, match="its `head` is a Sequential, not the"):
        Prompted(network)
