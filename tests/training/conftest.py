import numpy as np
import pytest

from glimt.data.synthetic import SceneOptions, write_scenes
from glimt.training.read_config import parse


@pytest.fixture(scope="session")
def scenes(tmp_path_factory):
    """Fourteen synthetic frames of 48 x 48 with one or two targets each."""
    root = tmp_path_factory.mktemp("scenes")
    write_scenes(root, 14, SceneOptions(size=(48, 48), targets=(1, 2)), seed=3)
    return root


@pytest.fixture
def settings(scenes):
    """A config of a few seconds; keyword arguments replace whole tables."""

    def make(**changes):
        table = {
            "data": {"root": str(scenes), "train": None, "val": 0.2, "augment": {"name": "glimt", "size": 32}},
            "network": {"name": "tiny", "width": 2},
            "task": {"name": "segment", "loss": {"bce": {}, "soft_iou": {}}},
            "optimizer": {"name": "adam", "lr": 0.01},
            "schedule": {"name": "cosine"},
            "epochs": 3,
            "batch": 4,
            "device": "cpu",
            "validation": {"every": 1},
        }
        return parse(table | changes)

    return make


@pytest.fixture
def rng():
    return np.random.default_rng(0)
