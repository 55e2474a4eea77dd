"""`glimt evaluate DATASET --checkpoint`: predicted and scored in one go."""

import json

import numpy as np
import pytest
from bright_network import write_bright

from glimt.core.files import write_png


@pytest.fixture
def model(tmp_path):
    return write_bright(tmp_path / "run" / "checkpoints" / "last.safetensors")


def test_a_checkpoint_is_scored_on_a_split(glimt, small, model):
    """The network finds the disk of the one test frame, 21 px, and nothing else."""
    done = glimt("evaluate", small, "--split", "test", "--checkpoint", model, "--json")
    assert done.code == 0, done.err
    values = json.loads(done.out)
    assert (values["images"], values["hits"], values["targets"], values["overlap"]) == (1, 1, 1, 21)
    assert (values["split"], values["model"]) == ("test_small", "plain_network:Plain, epoch 0")


def test_the_score_is_that_of_predicting_first_and_scoring_then(glimt, small, model, tmp_path):
    """One disk is taken out of the true masks, so that the score is not perfect: 42 of 63 found pixels are true."""
    write_png(small / "masks" / "f0.png", np.zeros((40, 50), np.uint8))
    at_once = json.loads(glimt("evaluate", small, "--checkpoint", tmp_path / "run", "--json").out)
    assert glimt("predict", model, small, tmp_path / "out").code == 0
    folders = json.loads(glimt("evaluate", tmp_path / "out" / "scores", small / "masks", "--json").out)
    assert at_once["iou"] == folders["iou"] == pytest.approx(42 / 63)
    assert {key: at_once[key] for key in ("pd", "fa", "hits", "niou")} == {
        key: folders[key] for key in ("pd", "fa", "hits", "niou")
    }


def test_a_report_of_a_checkpoint_shows_frames_and_tags(glimt, small, model, tmp_path):
    done = glimt("evaluate", small, "--checkpoint", model, "--out", tmp_path / "report", "--bootstrap", "20", "--tta")
    assert done.code == 0, done.err
    assert "plain_network:Plain" in done.out
    report = json.loads((tmp_path / "report" / "report.json").read_text())
    assert set(report["tables"]) >= {"roc", "pd_by_contrast", "boundary"}
    assert (report["tta"], len(report["rows"]), report["intervals"]["pd"]) == (True, 3, [1, 1])
    assert "<html" in (tmp_path / "report" / "report.html").read_text()


def test_a_dataset_without_masks_is_refused_before_anything_is_predicted(glimt, small, model):
    (small / "masks" / "f1.png").unlink()
    done = glimt("evaluate", small, "--checkpoint", model)
    assert (done.code, done.err.count("error:")) == (2, 1), done.err
    assert "1 of 3 frames have no true mask" in done.err
    assert "'f1'" in done.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["small"], "give FOUND and TRUE, or DATASET with --checkpoint"),
        (["small", "small/masks", "--checkpoint", "run"], "leave"),
        (["small/masks", "small/masks", "--tta"], "--tta only goes with --checkpoint"),
        (["small/masks", "small/masks", "--masks", "pamg"], "--masks only goes with --checkpoint"),
        (["small/masks", "small/masks", "--tile", "0"], "--tile only goes with --checkpoint"),
        (["small/masks", "small/masks", "--split", "test"], "--split only goes with --checkpoint"),
        (["small", "--checkpoint", "run", "--frames", "small/images"], "--frames does not go with --checkpoint"),
        (["small", "--checkpoint", "run", "--strict"], "--strict does not go with --checkpoint"),
        (["small", "--checkpoint", "run", "--split", "tset"], "no split 'tset'; it has test_small"),
        (["small", "--checkpoint", "nowhere"], "no checkpoint at"),
        (["small", "--checkpoint", "run", "--profile", "mshne"], "did you mean 'mshnet'"),
        (["nowhere", "--checkpoint", "run"], "no dataset at nowhere"),
    ],
)
def test_mixed_forms_and_mistakes_are_one_line(glimt, model, small, monkeypatch, words, said):
    monkeypatch.chdir(small.parent)
    done = glimt("evaluate", *words)
    assert (done.code, done.err.count("error:"), said in done.err) == (2, 1, True), done.err


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "network", "published"),
    [("ACM_full", "acm", (64.92, 239, 12.76)), ("ALCNet_full", "alcnet_lesps", (67.91, 244, 37.04))],
)
def test_published_weights_score_as_published(glimt, sirst, file, network, published):
    """Against what LESPS prints for the weights it published: IoU 64.92 and 67.91, Pd 90.87 (239 of 263) and 92.78."""
    weights = sirst.parents[1] / "checkpoints" / "lesps" / f"{file}.pth.tar"
    if not weights.is_file():
        pytest.skip(f"published weights are not at {weights}")
    words = ("--split", "test", "--checkpoint", weights, "--network", network, "--profile", "lesps-cvpr23", "--json")
    done = glimt("evaluate", sirst, *words)
    assert done.code == 0, done.err
    values, (iou, hits, fa) = json.loads(done.out), published
    assert values["iou"] * 100 == pytest.approx(iou, abs=0.1)
    assert (values["hits"], values["targets"]) == (hits, 263)
    assert values["fa"] * 1e6 == pytest.approx(fa, abs=0.4)


def test_a_protocol_of_one_size_shows_the_frames_at_that_size(glimt, small, model):
    """A frame of 40 x 50 is scored over 256 x 256 px, and a disk of 21 px is some 688 there."""
    done = glimt("evaluate", small, "--split", "test", "--checkpoint", model, "--profile", "mshnet", "--json")
    values = json.loads(done.out)
    assert (values["pixels"], values["hits"]) == (256 * 256, 1)
    assert values["true_pixels"] == pytest.approx(21 * 256 * 256 / 2000, rel=0.05)
    assert values["iou"] > 0.8
