"""Points at inference: through views, tiles and paddings, and for a network that was trained without them."""

import numpy as np
import pytest
import torch
from bright_network import bright
from torch import nn

from glimt.core.false_alarms import filter_false_alarms
from glimt.core.types import Record, Sample
from glimt.data.clicks import drawn_on
from glimt.data.prompts import gaussian, prompt_map
from glimt.inference.evaluate import pairs_of
from glimt.inference.fuse import fold
from glimt.inference.model import Model
from glimt.inference.point_prompt import at_points
from glimt.inference.predict import Asking, predict
from glimt.labelers.pmg import Pmg
from glimt.networks.prompted import Prompted
from glimt.networks.tiny import Tiny
from glimt.tasks.prompted import prompted
from glimt.tasks.segment import segment

EVERY_WAY = [
    Asking(tile=0),
    Asking(tta=True, tile=0),
    Asking(pad="reflect", tile=0),
    Asking(pad="lesps", tile=0),
    Asking(tile=96, overlap=64),
    Asking(tile=96, overlap=64, tta=True, pad="reflect"),
]


class Echo(nn.Module):
    """Answers with the prompt itself: a logit of 8 where it is one, and -8 where it is nothing."""

    def __init__(self):
        super().__init__()
        self.gain = nn.Parameter(torch.tensor(16.0))

    def forward(self, x):
        return (self.gain * (x[:, -1:] - 0.5),)


def sample_of(shape, points=(), image=None):
    image = np.random.default_rng(0).random(shape, dtype=np.float32) if image is None else image
    return Sample("f", image, np.array(points, dtype=float).reshape(-1, 2))


@pytest.mark.parametrize("asking", EVERY_WAY, ids=str)
def test_a_prompt_stands_where_the_points_are_however_the_frame_is_shown(asking):
    """The oracle is the sigmoid of the whole frame's prompt, points in corners, at the edge and where tiles meet."""
    points = [(0, 0), (69, 199), (35, 0), (33, 64), (20, 100), (50, 131.4)]
    score = predict(Echo(), prompted(match=False), sample_of((70, 200), points), asking)
    known = prompt_map(np.array(points), (70, 200), gaussian(4.0))
    np.testing.assert_allclose(score, 1 / (1 + np.exp(-16 * (known - 0.5))), atol=1e-5)


@pytest.mark.parametrize("asking", EVERY_WAY, ids=str)
def test_components_are_matched_once_in_the_whole_frame(asking):
    """A bar of 160 px crosses the tiles; its point is seen by one of them alone, and a bar without a point goes."""
    image = np.zeros((70, 200), np.float32)
    image[20:23, 20:180] = image[50:53, 20:180] = 1
    task = prompted(prompt="none", edges=False, second=False)
    score = predict(bright(), task, sample_of((70, 200), [(21, 22)], image), asking)
    assert np.array_equal(score > 0.5, (image > 0) & (np.indices(image.shape)[0] < 30))
    assert score[50:53].max() == 0


def test_a_prompted_network_answers_the_same_once_it_is_folded():
    torch.manual_seed(0)
    network = Prompted(Tiny(in_channels=3, width=2))
    network.train()(torch.randn(2, 3, 48, 48))
    sample, task = sample_of((40, 33), [(9, 9)]), prompted(match=False)
    np.testing.assert_allclose(predict(fold(network), task, sample), predict(network, task, sample), atol=1e-5)


def with_blobs():
    """A detector's scores: a target at (20, 20), a false alarm 60 px away; a target it misses stands at (60, 30)."""
    image = np.random.default_rng(1).normal(0.2, 0.01, (96, 96)).astype(np.float32)
    image[18:23, 18:23] = image[75:78, 75:78] = 0.8
    image[59:62, 29:32] = 0.3  # below the level of the network, but well above the noise
    return image


def test_points_drop_far_false_alarms_and_bring_back_what_was_missed():
    """HMG at inference: the filtered detections and what PMG draws, as masks."""
    image, points = with_blobs(), np.array([[20.0, 20.0], [60.0, 30.0]])
    sample = Sample("f", image, points)
    model = Model(bright(), segment(), "minimal", 0.5, "bright")
    found = predict(model.network, model.task, sample) > 0.5
    assert found[76, 76]
    assert not found[60, 30]
    told = at_points(model, 0.5)
    score = predict(told.network, told.task, sample)
    drawn = Pmg()(image, points) > 0
    assert np.array_equal(score > 0.5, filter_false_alarms(found, points) | drawn)
    assert score[76, 76] == 0
    assert score[60, 30] == 1
    assert score[20, 20] > 0.5


def test_without_a_point_on_a_frame_nothing_is_found_in_it():
    model = at_points(Model(bright(), segment(), "minimal", 0.5, "bright"), 0.5)
    assert predict(model.network, model.task, sample_of((96, 96), image=with_blobs())).max() < 0.5


def test_a_network_that_was_trained_with_points_is_left_as_it_is():
    model = Model(Echo(), prompted(), "minimal", 0.5, "echo")
    assert at_points(model, 0.3) is model


def test_a_model_that_needs_points_is_scored_at_the_centroids_unless_told_otherwise(tmp_path):
    from glimt.core.files import write_png

    mask = np.zeros((40, 40), np.uint8)
    mask[10:15, 20:25] = 255
    write_png(tmp_path / "a.png", np.zeros((40, 40), np.uint8))
    write_png(tmp_path / "mask.png", mask)
    record = Record("a", tmp_path / "a.png", tmp_path / "mask.png")
    model = Model(Echo(), prompted(), "minimal", 0.5, "echo")
    (pair,) = pairs_of(model, [record], Asking())
    assert np.unravel_index(pair.found.argmax(), pair.found.shape) == (12, 22)
    (pair,) = pairs_of(model, [record], Asking(), click=lambda sample: drawn_on(sample, "boundary", 3))
    row, col = np.unravel_index(pair.found.argmax(), pair.found.shape)
    assert mask[row, col] == 255
    assert row in (10, 14) or col in (20, 24)
