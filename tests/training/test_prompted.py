"""A training of the task `prompted` from end to end on synthetic frames."""

import json

import numpy as np
import pytest
import torch

from glimt.core.errors import OptionError
from glimt.data.dataset import open_dataset
from glimt.data.samples import read
from glimt.inference.model import load_model
from glimt.inference.predict import predict
from glimt.inference.truth import clicked
from glimt.networks.prompted import Prompted
from glimt.training.plan import check_config
from glimt.training.run import Run
from glimt.training.train import train

PROMPTED = {"name": "prompted"}


def test_it_learns_and_is_rebuilt_by_its_card_alone(settings, tmp_path, scenes):
    """Ninety steps, and it finds every target of the frames it was scored on, and nothing else."""
    slow = {"optimizer": {"name": "adam", "lr": 0.1}, "validation": {"every": 30}, "ema": 0.5}
    learner = train(settings(task=PROMPTED, epochs=30, prior=0.05, **slow), tmp_path / "run")
    log = Run(tmp_path / "run").read_log()
    assert log[-1]["loss"] < 0.5 * log[0]["loss"]
    assert log[-1]["val"]["iou"] > 0.3
    assert (log[-1]["val"]["pd"], log[-1]["val"]["fa"]) == (1, 0)
    card = json.loads(Run(tmp_path / "run").checkpoint("last").with_suffix(".json").read_text())
    assert card["task"] == "prompted"
    assert card["network_options"] == {"width": 2}  # its channels follow from the task
    model = load_model(Run(tmp_path / "run").checkpoint("last"))
    assert isinstance(model.network, Prompted)
    sample = clicked(read(open_dataset(scenes).records()[0]), "centroid", 0)
    found, known = (predict(network, model.task, sample) for network in (model.network, learner.answering))
    np.testing.assert_allclose(found, known, atol=1e-5)


def test_the_points_of_an_example_move_with_its_frame(settings):
    """The prompt of an augmented example is one where its label is, whatever was cropped, mirrored or transposed."""
    from glimt.core.catalog import build
    from glimt.data.augment import AUGMENTATIONS
    from glimt.tasks.prompted import prompted

    config = settings()
    augment = build(AUGMENTATIONS, "glimt", {"size": 32})
    task = prompted(prompt="point")
    seen = 0
    for record in open_dataset(config.data.root).records():
        for seed in range(4):
            sample = augment(clicked(read(record), "centroid", 0), np.random.default_rng(seed))
            shown, label = task.inputs(sample)[2], torch.from_numpy(sample.label)
            assert (label[shown == 1] == 1).all()
            seen += int(shown.sum())
    assert seen > 20


def test_a_contradiction_between_network_and_task_is_said_before_anything_is_written(settings):
    with pytest.raises(
        OptionError, match="tiny: in_channels is 1, but the task shows 3 channels; leave in_channels out"
    ):
        check_config(settings(task=PROMPTED, network={"name": "tiny", "in_channels": 1}))
    with pytest.raises(OptionError, match="tiny: in_channels is 3, but the task shows 1 channel"):
        check_config(settings(network={"name": "tiny", "in_channels": 3}))


def test_a_network_without_a_head_asked_to_be_prompted_is_one_error(settings):
    with pytest.raises(OptionError, match="Bodiless cannot be prompted twice: it has no `head`"):
        check_config(settings(task=PROMPTED, network={"name": f"{__name__}:Bodiless"}))


class Bodiless(torch.nn.Module):
    def __init__(self, in_channels: int = 1) -> None:
        super().__init__()
        self.last = torch.nn.Conv2d(in_channels, 1, 1)


def test_a_prompted_run_that_was_stopped_ends_as_one_that_was_not(settings, tmp_path):
    from safetensors.torch import load_file

    whole = settings(task=PROMPTED, epochs=3, precision="bf16")
    train(whole, tmp_path / "whole")
    with pytest.raises(InterruptedError):
        train(whole, tmp_path / "stopped", watch=stop_in_the_second_epoch)
    train(whole, tmp_path / "stopped")
    one, other = (load_file(Run(tmp_path / name).checkpoint("last")) for name in ("whole", "stopped"))
    assert all(torch.equal(one[key], other[key]) for key in one)


def stop_in_the_second_epoch(step):
    if step.epoch == 2:
        raise InterruptedError
