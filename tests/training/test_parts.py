"""The small parts of a training: schedules, optimizers, the prior, the state file."""

import math

import pytest
import torch
from torch import nn

from glimt.core.catalog import build
from glimt.core.errors import DataError
from glimt.networks import NETWORKS
from glimt.training import OPTIMIZERS, SCHEDULES
from glimt.training.prior import set_prior
from glimt.training.schedules import Constant, Cosine, MultiStep, Poly
from glimt.training.state import read_state, write_state


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_schedule_stays_between_zero_and_one(name):
    schedule = build(SCHEDULES, name, {})
    assert all(0 <= schedule(epoch / 10, 40) <= 1 for epoch in range(401))


def test_schedules_by_hand():
    assert Constant()(7, 10) == 1
    assert [MultiStep()(epoch, 400) for epoch in (0, 199.9, 200, 300)] == pytest.approx([1, 1, 0.1, 0.01])
    assert Cosine()(5, 10) == pytest.approx(0.5)
    assert Cosine(warmup=4)(1, 10) == pytest.approx(0.25)
    assert Cosine(warmup=4, floor=0.2)(10, 10) == pytest.approx(0.2)
    assert Poly(power=2)(5, 10) == pytest.approx(0.25)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_goes_down_a_bowl(name):
    weights = nn.Parameter(torch.tensor([3.0, -2.0]))
    optimizer = build(OPTIMIZERS, name, {"lr": 0.1})([weights])
    before = weights.square().sum().item()
    for _ in range(20):
        optimizer.zero_grad()
        weights.square().sum().backward()
        optimizer.step()
    assert weights.square().sum().item() < 0.8 * before


@pytest.mark.parametrize("name", ["tiny", "mshnet", "acm", "dnanet"])
def test_a_network_starts_with_the_prior_share_of_positives(name):
    torch.manual_seed(0)
    network = build(NETWORKS, name, {}).train()
    batch = torch.randn(2, 1, 64, 64)
    set_prior(network, batch, 0.01)
    assert network.training
    with torch.no_grad():
        main = network.eval()(batch)[0]
    assert main.mean().item() == pytest.approx(math.log(0.01 / 0.99), abs=0.3)


def test_a_state_comes_back_as_it_was(tmp_path):
    weights = nn.Linear(3, 2)
    optimizer = torch.optim.Adam(weights.parameters())
    weights(torch.ones(1, 3)).sum().backward()
    optimizer.step()
    file = tmp_path / "state.safetensors"
    write_state(file, {"optimizer": optimizer.state_dict(), "losses": [1.5, math.pi], "best": {"best-val": 0.25}})
    back = read_state(file)
    assert back["losses"] == [1.5, math.pi]
    assert back["best"] == {"best-val": 0.25}
    assert back["optimizer"]["state"].keys() == {0, 1}
    for key, value in optimizer.state_dict()["state"][0].items():
        assert torch.equal(back["optimizer"]["state"][0][key], value)
    torch.optim.Adam(weights.parameters()).load_state_dict(back["optimizer"])


def test_a_damaged_state_is_refused(tmp_path):
    file = tmp_path / "state.safetensors"
    write_state(file, {"weights": torch.ones(100)})
    file.write_bytes(file.read_bytes()[:-50])
    with pytest.raises(DataError, match="no whole checkpoint"):
        read_state(file)
