"""A run killed at any moment and started again ends as one that was never stopped: same weights, same log."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import load_file

from glimt.training.run import Run, plain
from glimt.training.train import train


def run_and_kill(settings, root, moment):
    file = root.with_suffix(".json")
    file.write_text(json.dumps(plain(settings)))
    script = Path(__file__).with_name("stopped.py")
    done = subprocess.run(
        [sys.executable, script, file, root, moment],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
    )
    assert done.returncode == -signal.SIGKILL


def log(root):
    return [{key: value for key, value in row.items() if "seconds" not in key} for row in Run(root).read_log()]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1])
def test_a_killed_run_goes_on_bit_for_bit(settings, tmp_path, seed):
    config = settings(epochs=4, ema=0.9, seed=seed, optimizer={"name": "adamw", "lr": 0.01})
    train(config, tmp_path / "whole")
    steps = sorted(np.random.default_rng(seed).choice(np.arange(1, 12), 2, replace=False).tolist())
    for moment in (str(steps[0]), "before state"):
        run_and_kill(config, tmp_path / "killed", moment)
    train(config, tmp_path / "killed")
    assert log(tmp_path / "killed") == log(tmp_path / "whole")
    for name in ("last", "best-val"):
        one, other = (load_file(Run(tmp_path / root).checkpoint(name)) for root in ("killed", "whole"))
        assert all((one[key] == other[key]).all() for key in one | other)
    assert Run(tmp_path / "killed").state.read_bytes() == Run(tmp_path / "whole").state.read_bytes()


RECIPES = {
    "lesps": {"recipe": {"name": "lesps", "begin_epoch": 2, "every": 1}, "save_every": 2},
    "hmg": {"recipe": {"name": "hmg", "stage": 2}, "ema": 0.9},
}


MOMENTS = {
    "lesps": ("label 4", "label 14", "before state", "settling"),
    "hmg": ("label 4", "before state", "settling", "7"),
}


@pytest.mark.slow
@pytest.mark.parametrize("recipe", RECIPES)
def test_labels_that_change_go_on_with_the_weights_they_belong_to(settings, tmp_path, recipe):
    """Killed within an update, between it and the state, and while the labels of a saved state move in."""
    config = settings(epochs=5, task={"name": "segment", "loss": "focal_cornernet"}, **RECIPES[recipe])
    train(config, tmp_path / "whole")
    changed = folder(tmp_path / "whole" / "updates")
    assert len(changed) == 2 * {"lesps": 5, "hmg": 2}[recipe]
    for moment in MOMENTS[recipe]:
        run_and_kill(config, tmp_path / "killed", moment)
    train(config, tmp_path / "killed")
    assert log(tmp_path / "killed") == log(tmp_path / "whole")
    for name in ("labels", "val-labels", "updates"):
        assert folder(tmp_path / "killed" / name) == folder(tmp_path / "whole" / name)
    assert not list((tmp_path / "killed").glob("labels-after-*"))
    assert Run(tmp_path / "killed").state.read_bytes() == Run(tmp_path / "whole").state.read_bytes()


def folder(root):
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
