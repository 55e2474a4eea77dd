"""The task `prompted` by hand, its switches as paper 004, Table 3, throws them, and what it wants of a network."""

import pickle

import numpy as np
import pytest
import torch
from plain_network import Plain

from glimt.core.catalog import build
from glimt.core.errors import DataError, OptionError
from glimt.core.types import Sample
from glimt.data.statistics import Statistics
from glimt.losses.bce import Bce
from glimt.networks.prompted import Prompted
from glimt.tasks import TASKS
from glimt.tasks.network import network_for
from glimt.tasks.prompted import prompted, rough_edges
from glimt.tasks.segment import segment


def sample_of(points, image=None, shape=(16, 20)):
    image = np.full(shape, 0.5, np.float32) if image is None else image
    return Sample("a", image, np.array(points, dtype=float).reshape(-1, 2), np.zeros(shape, np.float32))


def test_a_network_is_shown_the_frame_its_edges_and_the_prompt():
    image = np.full((16, 20), 0.5, np.float32)
    image[8, 10] = 0.75
    seen = prompted(statistics=Statistics(0.5, 0.25)).inputs(sample_of([(8, 10)], image))
    assert (seen.shape, seen.dtype) == ((3, 16, 20), torch.float32)
    assert [seen[0, 8, 10].item(), seen[0, 0, 0].item()] == [1, 0]
    assert seen[1, 8, 11].item() == pytest.approx(1, abs=1e-6)  # beside the pixel that is one standard deviation higher
    assert seen[1, 8, 10].item() == pytest.approx(1e-3)
    assert seen[2, 8, 10].item() == 1
    assert seen[2, 8, 12].item() == pytest.approx(0.5)


def test_edges_by_hand():
    """Down by 2 a row and right by 1.5 a column: differences over two pixels are 4 and 3, and 5 is their length."""
    rows, cols = np.indices((6, 7)).astype(np.float32)
    edges = rough_edges(2 * rows + 1.5 * cols)
    assert edges[1:-1, 1:-1] == pytest.approx(5)
    assert edges[0, 3] == pytest.approx(
        np.sqrt(2**2 + 3**2)
    )  # the frame goes on as it ends: half the step at the border
    assert rough_edges(np.ones((4, 4), np.float32)) == pytest.approx(1e-3)  # sqrt(1e-6): no edge at the border


M1 = {"prompt": "none", "edges": False, "second": False, "match": False}
TABLE3 = [  # options, channels, whether the head sees the prompt, whether what has no point goes
    (M1, 1, False, False),
    (M1 | {"prompt": "point"}, 2, False, False),
    (M1 | {"prompt": "gaussian"}, 2, False, False),
    (M1 | {"prompt": "gaussian", "edges": True}, 3, False, False),
    ({"match": False}, 3, True, False),
    ({}, 3, True, True),
]


@pytest.mark.parametrize(("options", "channels", "second", "match"), TABLE3, ids=["M1", "M2", "M3", "M4", "M5", "ours"])
def test_each_row_of_table_3_is_a_setting(options, channels, second, match):
    task = build(TASKS, "prompted", options, "task")
    network = network_for(task, "tiny", {"width": 2})
    shown = task.inputs(sample_of([(8, 10)]))
    assert shown.shape[0] == task.channels == channels
    assert isinstance(network, Prompted) == second
    with torch.no_grad():
        assert network.eval()(shown[None])[0].shape == (1, 1, 16, 20)
    score = np.full((16, 20), 0.1, np.float32)
    score[2:4, 2:4] = 0.9
    assert (task.finish(score, sample_of([(12, 12)])).max() == 0) == match
    assert task.needs_points == (options != M1)


def test_scores_that_belong_to_no_point_become_zero():
    score = np.full((16, 20), 0.2, np.float32)
    score[2:5, 3:6], score[10:12, 10:14], score[7, 18] = 0.9, 0.7, 0.5  # 0.5 is not found
    left = prompted().finish(score, sample_of([(5, 6)]))  # one pixel beside the corner of the first box
    assert np.argwhere(left).tolist() == [[row, col] for row in (2, 3, 4) for col in (3, 4, 5)]
    assert set(left[left > 0].tolist()) == {np.float32(0.9).item()}
    assert prompted().finish(score, sample_of([])).max() == 0


def test_a_sample_without_points_is_an_empty_frame():
    assert not prompted().inputs(sample_of([]))[2].any()


def test_every_map_is_scored_by_cross_entropy_and_the_losses_add():
    """The paper's deep supervision: weight 1 each."""
    main, side = torch.full((1, 1, 4, 4), 2.0), torch.full((1, 1, 2, 2), -1.0)
    target = torch.zeros(1, 1, 4, 4)
    by_hand = Bce()(main, target).item() + Bce()(side, target[..., :2, :2]).item()
    assert prompted().loss((main, side), target, 1.0).item() == pytest.approx(by_hand)
    assert prompted(sides="mean").loss((main, side), target, 1.0).item() == pytest.approx(by_hand / 2)


def test_it_crosses_to_another_process():
    task, sample = prompted(), sample_of([(3, 3)])
    again = pickle.loads(pickle.dumps(task))
    assert torch.equal(again.inputs(sample), task.inputs(sample))


def test_a_point_outside_is_said_with_its_frame():
    with pytest.raises(DataError, match=r"a: point \(row 16, col 3\) is outside the frame of 16 rows x 20 cols"):
        prompted().inputs(sample_of([(16, 3)]))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"prompt": "none"}, "prompt=none leaves nothing for the head to see; set second=false"),
        ({"prompt": "gausian"}, "option 'prompt': input should be 'gaussian', 'point' or 'none'"),
        ({"fwhm": -1}, "fwhm is -1.0; choose more than 0 pixels"),
        ({"sides": "max"}, "sides must be one of"),
        ({"channels": 3}, "option 'channels'"),
    ],
)
def test_mistakes_in_the_options_are_said(options, said):
    with pytest.raises(OptionError, match=said):
        build(TASKS, "prompted", options, "task")


def test_the_channels_of_a_network_follow_from_the_task():
    for task, channels in ((segment(), 1), (segment(channels=3), 3), (prompted(second=False), 3)):
        network = network_for(task, "tiny", {"width": 2})
        assert network.get_submodule("down.0.0.0").in_channels == channels
    network_for(segment(channels=3), "tiny", {"in_channels": 3})  # as some configs say it twice
    with pytest.raises(
        OptionError, match=r"tiny: in_channels is 1, but the task shows 3 channels; leave in_channels out"
    ):
        network_for(prompted(), "tiny", {"in_channels": 1})
    with pytest.raises(OptionError, match=r"tiny: in_channels is 3, but the task shows 1 channel;"):
        network_for(segment(), "tiny", {"in_channels": 3})


def test_a_network_of_another_package_may_have_no_channels_to_choose():
    assert isinstance(network_for(segment(), "plain_network:Plain", {}), Plain)
    with pytest.raises(OptionError, match="has no option in_channels, but the task shows 3 channels"):
        network_for(prompted(), "plain_network:Plain", {})
