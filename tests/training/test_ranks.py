"""Two ranks over gloo learn as one rank does with their batches together."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from glimt.training.run import Run, plain


def losses(root):
    return np.array([row["loss"] for row in Run(root).read_log()])


def train_on(ranks, settings, root):
    file = root.with_suffix(".json")
    file.write_text(json.dumps(plain(settings)))
    script = Path(__file__).with_name("ranked.py")
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={ranks}", script]
    done = subprocess.run(
        [*command, file, root],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return losses(root)


@pytest.mark.slow
@pytest.mark.parametrize(("network", "tolerance"), [("plain_network:Plain", 1e-4), ("tiny", 0.1)])
def test_two_ranks_have_the_loss_curve_of_one(settings, tmp_path, network, tolerance):
    # without batch normalisation the curves are equal but for rounding; with it each rank has its own statistics
    width = {} if ":" in network else {"width": 4}
    data = settings().data.model_dump(mode="json") | {"val": 2 / 14}  # 12 frames: no batch is short
    config = settings(network={"name": network, **width}, task={"name": "segment", "loss": "bce"}, data=data, epochs=5)
    one, two = (train_on(ranks, config, tmp_path / str(ranks)) for ranks in (1, 2))
    assert one[-1] < one[0]
    np.testing.assert_allclose(two, one, rtol=tolerance)
