"""A checkpoint as a labeler, by networks whose answer is known by hand: what is above 0.375, or what they are told."""

import pickle
import subprocess
import sys

import numpy as np
import pytest
import torch
from bright_network import LEVEL, bright, write_bright
from told_network import Told

from glimt.cli.bench import cases_of
from glimt.core.errors import DataError, OptionError
from glimt.inference.bench import score_labeler
from glimt.inference.checkpoint import Card, write_checkpoint
from glimt.inference.labeler import Learned, load_ready, mean_scores
from glimt.labelers.labeler import draw
from glimt.labelers.make import make_labeler, prior_of


@pytest.fixture
def run(tmp_path):
    """A run of a network that finds what is brighter than 0.375."""
    write_bright(tmp_path / "run" / "checkpoints" / "last.safetensors")
    return tmp_path / "run"


def frame_of(*boxes, grey=1.0, size=32):
    image = np.zeros((size, size), np.float32)
    for top, left, bottom, right in boxes:
        image[top:bottom, left:right] = grey
    return image


def points_of(*points):
    return np.array(points, float).reshape(-1, 2)


def told(file, fwhm=3.0, **options):
    """A checkpoint of the task `prompted` that answers with its prompt."""
    task = {"edges": False, "second": False, "fwhm": fwhm} | options
    write_checkpoint(file, Card("told_network:Told", task="prompted", task_options=task), Told(2).state_dict())
    return file


def test_each_click_gets_its_component_and_the_rest_goes(run):
    image = frame_of((4, 4, 7, 8), (20, 20, 22, 22), (12, 2, 14, 4))
    instances = make_labeler(str(run))(image, points_of((21, 21), (3, 4)))  # the second lies a pixel above its target
    assert np.array_equal(instances, frame_of((20, 20, 22, 22)) + 2 * frame_of((4, 4, 7, 8)))


def test_two_clicks_in_one_target_leave_the_second_without_a_mask(run):
    drawing = draw(make_labeler(str(run)), frame_of((4, 4, 8, 8)), points_of((5, 5), (6, 6)))
    assert sorted(np.unique(drawing.instances)) == [0, 1]
    assert drawing.quality.tolist() == [1.0, 0.0]


def test_quality_is_the_mean_score_of_the_component(tmp_path):
    """Scores by hand: the sigmoid of 4 (grey - 0.375), over the pixels of each component."""
    write_checkpoint(tmp_path / "a.safetensors", Card("plain_network:Plain"), bright(gain=4.0).state_dict())
    image = frame_of((4, 4, 6, 6)) * np.float32(0.5)
    image[5, 5] = 1.0
    drawing = draw(Learned(tmp_path / "a.safetensors"), image, points_of((4, 4), (20, 20)))
    scores = 1 / (1 + np.exp(-4 * (np.array([0.5, 0.5, 0.5, 1.0]) - LEVEL)))
    assert drawing.quality == pytest.approx([scores.mean(), 0.0], abs=1e-6)
    assert mean_scores(np.array([[0.2, 0.4, 0.9]]), np.array([[2, 2, 0]]), 3).tolist() == pytest.approx([0.0, 0.3, 0.0])


def test_a_threshold_is_asked_for_like_any_option(tmp_path):
    write_checkpoint(tmp_path / "a.safetensors", Card("plain_network:Plain"), bright(gain=4.0).state_dict())
    image = frame_of((4, 4, 6, 6)) * np.float32(0.5)
    image[5, 5] = 1.0
    # sigmoid(4 * 0.125) = 0.62, sigmoid(4 * 0.625) = 0.92
    areas = [
        Learned(tmp_path / "a.safetensors", threshold=at)(image, points_of((5, 5))).sum() for at in (0.5, 0.7, 0.95)
    ]
    assert areas == [4, 1, 0]


def test_the_polarity_of_a_mask_is_read_off_the_frame(tmp_path):
    image = np.full((32, 32), 0.4, np.float32)
    image[10, 10], image[20, 20] = 0.9, 0.1
    drawing = Learned(told(tmp_path / "a.safetensors", fwhm=1.5)).draw(image, points_of((10, 10), (20, 20)))
    assert drawing.sign.tolist() == [1, -1]


def test_no_click_gives_an_empty_mask_without_asking_the_network(tmp_path):
    labeler = Learned(told(tmp_path / "a.safetensors", fwhm=-1.0))  # a card that could not be loaded
    drawing = labeler.draw(frame_of((4, 4, 8, 8)), points_of())
    assert (drawing.instances.any(), len(drawing.quality), len(drawing.sign)) == (False, 0, 0)


def test_a_prompted_network_is_shown_the_clicks(tmp_path):
    """Its answer is the prompt: a Gaussian of FWHM 3 px is above a half where r < 1.5, the 9 pixels around a click."""
    labeler = Learned(told(tmp_path / "a.safetensors"))
    instances = labeler(np.zeros((40, 40), np.float32), points_of((20, 9), (5, 30)))
    assert np.array_equal(instances, frame_of((19, 8, 22, 11), size=40) + 2 * frame_of((4, 29, 7, 32), size=40))


@pytest.mark.parametrize("options", [{"tta": True}, {"tile": 192}])
def test_flips_and_tiles_carry_the_clicks_with_them(tmp_path, options):
    file, blank = told(tmp_path / "a.safetensors"), np.zeros((64, 300), np.float32)
    clicks = points_of((20, 9), (60, 70), (5, 190))
    instances = Learned(file, **options)(blank, clicks)
    assert np.array_equal(instances, Learned(file)(blank, clicks))
    assert np.bincount(instances.ravel())[1:].tolist() == [9, 9, 9]


def test_a_click_outside_the_frame_is_refused(run):
    with pytest.raises(DataError, match=r"row 32.*outside.*32 rows x 32 cols"):
        make_labeler(str(run))(frame_of((4, 4, 8, 8)), points_of((32, 3)))


def test_the_network_is_loaded_once_and_again_when_its_file_changed(run):
    load_ready.cache_clear()
    image, click = frame_of((4, 4, 8, 8)), points_of((5, 5))
    for _ in range(3):
        assert make_labeler(str(run))(image, click).any()
    assert load_ready.cache_info().misses == 1
    file = run / "checkpoints" / "last.safetensors"
    blind = {name: torch.zeros_like(weight) for name, weight in bright().state_dict().items()}
    write_checkpoint(file, Card("plain_network:Plain"), blind)
    assert not make_labeler(str(run))(image, click).any()


def test_loading_leaves_the_random_numbers_of_a_training_alone(run):
    load_ready.cache_clear()
    torch.manual_seed(5)
    make_labeler(str(run))(frame_of((4, 4, 8, 8)), points_of((5, 5)))
    drawn = torch.rand(3)
    torch.manual_seed(5)
    assert torch.equal(drawn, torch.rand(3))


def test_a_trained_labeler_is_a_value_that_crosses_processes(run):
    labeler = make_labeler(str(run))
    labeler(frame_of((4, 4, 8, 8)), points_of((5, 5)))
    assert len(pickle.dumps(labeler)) < 1000  # the path, not the weights
    assert pickle.loads(pickle.dumps(labeler)) == labeler


@pytest.mark.parametrize(
    ("origin", "prior"),
    [
        ({"prior": "mask-trained", "dataset": "SIRST", "train": "train"}, "mask-trained on SIRST train"),
        ({"prior": "mask-trained on SIRST train", "dataset": "NUDT", "train": "train"}, "mask-trained on SIRST train"),
        ({"prior": "point only", "dataset": "SIRST", "train": "train"}, "point only"),
        ({}, "unknown"),
    ],
)
def test_masks_have_the_prior_of_the_network_that_drew_them(tmp_path, origin, prior):
    file = tmp_path / "a.safetensors"
    write_checkpoint(file, Card("plain_network:Plain", origin=origin), bright().state_dict())
    assert prior_of(Learned(file)) == prior
    assert prior_of(make_labeler("p2b", {"labeler": str(file)})) == prior


def test_the_prior_is_read_without_torch(tmp_path):
    file = tmp_path / "a.safetensors"
    write_checkpoint(file, Card("plain_network:Plain", origin={"prior": "point only"}), bright().state_dict())
    code = (
        "import sys; from glimt.recipes.pseudo import pseudo; "
        f"assert pseudo({str(file)!r}).prior == 'point only'; sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_damaged_checkpoint_names_its_file(run):
    file = run / "checkpoints" / "last.safetensors"
    file.write_bytes(file.read_bytes()[:100])
    for ask in (lambda labeler: labeler.prior, lambda labeler: labeler(frame_of(), points_of((5, 5)))):
        with pytest.raises(DataError, match=r"last\.safetensors is no whole checkpoint"):
            ask(make_labeler(str(run)))


def test_a_network_that_diverged_names_the_run(run):
    weights = {name: torch.full_like(weight, torch.nan) for name, weight in bright().state_dict().items()}
    write_checkpoint(run / "checkpoints" / "last.safetensors", Card("plain_network:Plain"), weights)
    with pytest.raises(DataError, match=r"^run: .*no number"):
        make_labeler(str(run))(frame_of(), points_of((5, 5)))


@pytest.mark.parametrize(
    ("options", "message"),
    [({"threshold": 1.0}, "threshold is 1;"), ({"taw": 1}, "option 'taw'"), ({"device": "tpu"}, "option 'device'")],
)
def test_a_wrong_option_is_one_clear_line(run, options, message):
    with pytest.raises(OptionError, match=message):
        make_labeler(str(run), options)


@pytest.mark.real
def test_published_weights_keep_their_hits_and_lose_their_false_targets(sirst):
    """LESPS prints IoU 64.92, Pd 90.87 (239/263) and Fa 12.76e-6 for these weights on SIRST test. Shown the
    clicks, BBM can drop no component that a target's centroid lies in, and keeps no more components than clicks.
    """
    file = sirst.parents[1] / "checkpoints" / "lesps" / "ACM_full.pth.tar"
    if not file.is_file():
        pytest.skip(f"published weights are not at {file}")
    score = score_labeler(Learned(file), cases_of(sirst, "basicirstd", "test_SIRST", "centroid", 0))
    assert (score.counts["hits"], score.counts["targets"]) == (239, 263)
    assert score.values["iou"] > 0.6492
    assert score.values["fa"] < 12.76e-6
