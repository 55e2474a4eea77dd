"""One sample: whole, in tiles, in eight views; the oracles are slow references and networks that are known by hand."""

from dataclasses import replace
from itertools import count, pairwise

import numpy as np
import pytest
import torch
from bright_network import bright
from torch import nn

from glimt.core.catalog import build
from glimt.core.errors import DataError, OptionError
from glimt.core.types import Sample
from glimt.inference.average import VIEWS, averaged
from glimt.inference.predict import Asking, predict, predict_each
from glimt.inference.tiles import spans, tiled
from glimt.networks import NETWORKS
from glimt.tasks.locate import locate
from glimt.tasks.segment import segment

TASK = segment()


def sample_of(shape, seed=0, points=()):
    image = np.random.default_rng(seed).random(shape, dtype=np.float32)
    return Sample("f", image, np.array(points, dtype=float).reshape(-1, 2))


class Local(nn.Module):
    """Three layers of 3x3: a score depends on the 3 pixels around it, and on nothing else."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        layers = [nn.Conv2d(i, o, 3, padding=1) for i, o in ((1, 4), (4, 4), (4, 1))]
        self.layers = nn.Sequential(layers[0], nn.ReLU(), layers[1], nn.ReLU(), layers[2])
        self.seen = []

    def forward(self, x):
        self.seen.append(tuple(x.shape[-2:]))
        return (8 * self.layers(x),)


def test_a_network_known_by_hand_finds_what_is_bright():
    sample = sample_of((40, 50))
    score = predict(bright(gain=8.0), TASK, sample)
    assert score.shape == (40, 50)
    assert np.allclose(score, 1 / (1 + np.exp(-8 * (sample.image - 0.375))), atol=1e-6)


@pytest.mark.parametrize("pad", ["minimal", "reflect", "lesps"])
def test_every_padding_gives_back_the_size_of_the_frame(pad):
    network = Local()
    assert predict(network, TASK, sample_of((33, 64)), Asking(pad=pad)).shape == (33, 64)
    assert network.seen == [(64, 96 if pad == "lesps" else 64)]


def test_prediction_leaves_the_network_as_it_was():
    network = Local().train()
    score = predict(network, TASK, sample_of((32, 32)))
    assert network.training
    assert all(parameter.grad is None for parameter in network.parameters())
    assert isinstance(score, np.ndarray)


@pytest.mark.parametrize(("shape", "tile", "overlap"), [((150, 203), 64, 32), ((97, 64), 96, 33), ((70, 300), 128, 16)])
def test_tiles_are_exact_where_a_score_depends_on_its_surroundings_alone(shape, tile, overlap):
    """Against the whole frame: 3 px of surroundings are less than a quarter of 16 px of overlap."""
    network, sample = Local(), sample_of(shape)
    whole = predict(network, TASK, sample, Asking(tile=0))
    network.seen.clear()
    parts = predict(network, TASK, sample, Asking(tile=tile, overlap=overlap))
    assert np.abs(parts - whole).max() < 1e-6
    assert len(network.seen) > 1
    assert max(max(seen) for seen in network.seen) <= tile


@pytest.mark.parametrize("asking", [Asking(), Asking(pad="lesps"), Asking(tta=True), Asking(tile=64, overlap=32)])
def test_samples_of_one_size_are_shown_together_and_answered_as_alone(asking):
    network = Local().train()
    shapes = [(40, 50)] * 3 + [(32, 32), (40, 50), (70, 60)]
    samples = [sample_of(shape, seed) for seed, shape in enumerate(shapes)]
    together = list(predict_each(network, TASK, samples, asking))
    passes = len(network.seen)
    for sample, score in zip(samples, together, strict=True):
        assert np.abs(score - predict(network, TASK, sample, asking)).max() < 1e-6
    assert network.training
    if asking in (Asking(), Asking(pad="lesps")):
        assert passes == 4  # of 3, 1, 1 and 1


@pytest.mark.parametrize(("name", "task"), [("rprnet", locate()), ("dtum", segment(past=4))])
def test_networks_that_see_several_frames_are_asked_together_too(name, task):
    torch.manual_seed(0)
    network, rng = build(NETWORKS, name, {}, "network").eval(), np.random.default_rng(0)
    around = sum(task.span)
    samples = [replace(sample_of((40, 52), i), frames=tuple(rng.random((around, 40, 52), np.float32))) for i in (0, 1)]
    for sample, score in zip(samples, predict_each(network, task, samples), strict=True):
        assert np.abs(score - predict(network, task, sample)).max() < 1e-6


def test_no_more_is_read_ahead_than_is_shown_at_once(monkeypatch):
    monkeypatch.setattr("glimt.inference.predict.TOGETHER", 3 * 32 * 32)
    read = []

    def samples():
        for number in count():
            read.append(number)
            yield sample_of((32, 32), number)

    scores = predict_each(Local(), TASK, samples())
    next(scores)
    assert read == [0, 1, 2]
    [next(scores) for _ in range(3)]
    assert read == [0, 1, 2, 3, 4, 5]


def test_a_frame_up_to_1024_px_is_asked_whole_and_a_larger_one_in_tiles():
    network = Local()
    predict(network, TASK, sample_of((32, 1024)))
    assert network.seen == [(32, 1024)]
    network.seen.clear()
    predict(network, TASK, sample_of((32, 1056)))
    assert network.seen == [(32, 1024), (32, 160)]


def test_blending_hides_a_step_between_tiles():
    """Each tile answers with its own constant: over the overlap the score goes over step by step, never by a jump."""
    answers = iter([0.0, 1.0])
    score = tiled(lambda tile: np.full(tile.image.shape, next(answers), np.float32), sample_of((32, 96)), 64, 32)
    assert (score[:, :40] == 0).all()
    assert (score[:, 56:] == 1).all()
    assert np.diff(score[0, 40:56]).min() > 0
    assert np.diff(score[0]).max() < 0.1


def test_tiles_cover_a_side_and_begin_on_the_grid():
    for length in range(1, 700, 13):
        found = spans(length, 200, 50)
        assert found[0][0] == 0
        assert found[-1][1] == length
        assert all(start % 32 == 0 for start, _ in found)
        assert all(after[0] + 50 <= before[1] for before, after in pairwise(found))


def test_a_tile_is_shown_the_points_that_lie_in_it():
    seen = []

    def ask(tile):
        seen.extend(tile.image[tuple(np.rint(point).astype(int))] for point in tile.points)
        return tile.image

    sample = sample_of((40, 200), points=[(3, 5), (20, 70), (39, 199)])
    tiled(ask, sample, 96, 32)
    marked = [sample.image[3, 5], sample.image[20, 70], sample.image[39, 199]]
    assert set(seen) == set(marked)
    assert seen.count(marked[1]) == 2  # it lies where two tiles overlap


def test_the_eight_views_are_all_turns_and_mirrored_turns():
    sample = sample_of((3, 3))
    turns = [np.rot90(side, k) for side in (sample.image, sample.image.T) for k in range(4)]
    views = [view.of(sample).image for view in VIEWS]
    assert all(any(np.array_equal(view, turn) for view in views) for turn in turns)


def test_the_average_over_views_is_that_of_a_slow_reference():
    """A score that leans to one side: `rot90` and its inverse, written out."""

    def lean(image):
        return (0.7 * image + 0.3 * np.roll(image, (1, 2), axis=(0, 1))).astype(np.float32)

    sample = sample_of((6, 9))
    turned = [np.rot90(lean(np.rot90(sample.image, k)), -k) for k in range(4)]
    mirrored = [np.rot90(lean(np.rot90(sample.image.T, k)), -k).T for k in range(4)]
    average = averaged(lambda view: lean(view.image), sample)
    assert np.allclose(average, np.mean(turned + mirrored, axis=0), atol=1e-6)


def test_the_points_of_a_view_lie_on_the_same_pixels():
    sample = sample_of((6, 9), points=[(1, 7), (5, 0)])
    values = [sample.image[1, 7], sample.image[5, 0]]
    for view in VIEWS:
        seen = view.of(sample)
        assert [seen.image[tuple(point.astype(int))] for point in seen.points] == values
        assert np.array_equal(view.back(seen.image), sample.image)


def test_averaging_over_views_turns_with_the_frame():
    """Whatever the network, the average of a transposed frame is the transposed average."""
    network, sample = Local(), sample_of((40, 64))
    other = Sample("t", np.ascontiguousarray(sample.image.T), sample.points)
    asking = Asking(tta=True)
    assert np.allclose(predict(network, TASK, other, asking), predict(network, TASK, sample, asking).T, atol=1e-6)
    assert not np.allclose(predict(network, TASK, other), predict(network, TASK, sample).T, atol=1e-3)


def test_weights_that_are_no_numbers_are_said_to_be_so():
    with pytest.raises(DataError, match=r"^f: the network answers with what is no number"):
        predict(bright(float("nan")), TASK, sample_of((32, 32)))


def test_a_wrong_way_of_asking_is_refused_before_any_frame():
    with pytest.raises(OptionError, match=r"no padding 'reflct' \(did you mean 'reflect'\?\)"):
        Asking(pad="reflct")
    with pytest.raises(OptionError, match="tiles of 96 px that overlap by 128 do not move on; take a tile of 160"):
        Asking(tile=96)
