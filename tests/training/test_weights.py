import json

import pytest
import torch
from safetensors.torch import load_file

from glimt.core.errors import DataError
from glimt.inference.places import prior_of
from glimt.training.plan import first_network, make_network
from glimt.training.run import Run
from glimt.training.train import train


@pytest.fixture
def taught(settings, tmp_path):
    """A run of one epoch on masks."""
    train(settings(epochs=1), tmp_path / "taught")
    return Run(tmp_path / "taught")


def held(run):
    return load_file(run.checkpoint("best-val"))


def equal(one, other):
    return all(torch.equal(value, other[name]) for name, value in one.items())


def test_a_network_begins_with_the_weights_of_a_run(settings, taught):
    assert equal(held(taught), first_network(settings(weights=str(taught.root))).state_dict())
    assert not equal(held(taught), make_network(settings()).state_dict())


def test_training_goes_on_from_them_and_no_prior_is_set(settings, taught, tmp_path):
    still = {"name": "sgd", "lr": 1e-30, "momentum": 0}
    learnt = train(settings(epochs=1, weights=str(taught.root), optimizer=still), tmp_path / "run").learning
    weights = {name: value for name, value in held(taught).items() if name in dict(learnt.named_parameters())}
    assert equal(weights, learnt.state_dict())


def test_each_stage_of_a_recipe_begins_with_them(settings, taught, tmp_path):
    still = {"name": "sgd", "lr": 1e-30, "momentum": 0}
    config = settings(epochs=2, weights=str(taught.root), optimizer=still, recipe={"name": "hmg", "stage": 1})
    learnt = train(config, tmp_path / "run").learning
    weights = {name: value for name, value in held(taught).items() if name in dict(learnt.named_parameters())}
    assert equal(weights, learnt.state_dict())


@pytest.mark.parametrize("recipe", [{"name": "pseudo", "labeler": "fuse"}, {"name": "full"}])
def test_a_checkpoint_says_what_it_learnt_and_what_it_began_as(settings, taught, tmp_path, recipe):
    train(settings(epochs=1, weights=str(taught.root), recipe=recipe), tmp_path / "run")
    masks = f"mask-trained on {settings().data.root.name}"
    own = {"pseudo": "point only", "full": masks}[recipe["name"]]
    card = json.loads(Run(tmp_path / "run").checkpoint("last").with_suffix(".json").read_text())
    assert card["origin"]["prior"] == prior_of(tmp_path / "run") == f"{own}, began as {masks}"


def test_weights_of_another_network_are_refused_before_anything_is_written(settings, taught, tmp_path):
    wide = settings(network={"name": "tiny", "width": 4}, weights=str(taught.root))
    with pytest.raises(
        DataError, match=r"taught \(tiny, epoch 1\) are of another network or form: they differ in .*; set"
    ):
        train(wide, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_weights_that_are_not_there_are_refused_before_anything_is_written(settings, tmp_path):
    with pytest.raises(DataError, match=r"no checkpoint at .*nowhere"):
        train(settings(weights="nowhere"), tmp_path / "run")
    assert not (tmp_path / "run").exists()
