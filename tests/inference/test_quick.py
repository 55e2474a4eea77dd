import numpy as np
import pytest
import torch

from glimt.core.catalog import build
from glimt.core.types import Sample
from glimt.inference.device import quick_answers
from glimt.inference.predict import Asking, predict
from glimt.networks import NETWORKS
from glimt.tasks.segment import segment


@pytest.mark.parametrize(("precision", "apart"), [("no", 1e-5), ("bf16", 0.05)])
@pytest.mark.parametrize("name", ["acm", "tiny"])
def test_the_quick_form_answers_as_the_network_does(name, precision, apart):
    torch.manual_seed(0)
    network = build(NETWORKS, name, {}, "network")
    network(torch.randn(8, 1, 48, 48))  # moves the batch normalisations off their first state
    sample = Sample("a", np.random.default_rng(0).random((37, 50)).astype(np.float32), np.zeros((0, 2)))
    slow = predict(network, segment(), sample)
    (quick,) = quick_answers(network, segment(), Asking(), precision)([sample])
    assert quick.dtype == np.float32
    assert np.abs(quick - slow).max() < apart
    assert next(network.parameters()).dtype == torch.float32


def test_the_quick_form_keeps_the_weights_it_was_made_of():
    network = build(NETWORKS, "tiny", {}, "network")
    sample = Sample("a", np.random.default_rng(0).random((16, 16)).astype(np.float32), np.zeros((0, 2)))
    ask = quick_answers(network, segment(), Asking(), "no")
    (before,) = ask([sample])
    with torch.no_grad():
        network.head.bias.add_(3)
    assert np.array_equal(next(ask([sample])), before)
