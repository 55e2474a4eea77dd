"""A trained network where a labeler is asked for: `glimt label`, `glimt bench labels`, a training, and bad input."""

import csv
import json

import numpy as np
import pytest
from bright_network import write_bright
from torch import zeros_like

from glimt.core.frames import read_mask
from glimt.inference.checkpoint import Card, read_checkpoint, write_checkpoint


@pytest.fixture
def run(tmp_path):
    """A run trained on masks of other frames; it finds exactly the disks of `small`, which are above 0.375."""
    file = write_bright(tmp_path / "bright" / "checkpoints" / "last.safetensors")
    _, weights = read_checkpoint(file)
    origin = {"prior": "mask-trained", "dataset": "SIRST", "train": "train"}
    write_checkpoint(file, Card("plain_network:Plain", origin=origin), weights)
    return tmp_path / "bright"


def label(glimt, small, out, labeler, *more):
    return glimt("label", small, small / "points.csv", out, "--labeler", labeler, *more)


def add_click(small, line):
    with (small / "points.csv").open("a") as file:
        file.write(f"{line}\n")


def rows_of(out):
    with (out / "labels.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("part", ["", "checkpoints/last.safetensors"])
def test_a_run_or_its_checkpoint_labels_like_any_labeler(glimt, small, run, tmp_path, part):
    done = label(glimt, small, tmp_path / "out", run / part, "--json")
    assert done.code == 0, done.err
    summary = json.loads(done.out)
    assert (summary["targets"], summary["without_mask"], summary["median_area"]) == (3, 0, 21)
    assert summary["prior"] == "mask-trained on SIRST train"
    for i in range(3):
        assert np.array_equal(
            read_mask(tmp_path / "out" / "masks" / f"f{i}.png"), read_mask(small / "masks" / f"f{i}.png")
        )
    assert [float(row["quality"]) for row in rows_of(tmp_path / "out")] == [1.0] * 3


def test_points_without_a_mask_are_counted_and_reviewed_first(glimt, small, run, tmp_path):
    add_click(small, "f1,24,29")  # in the target of f1,25,30, and before it in raster order
    add_click(small, "f0,30,40")  # on nothing
    done = label(glimt, small, tmp_path / "out", run, "--review", 2)
    assert done.code == 0, done.err
    assert "3 masks in 3 frames" in done.err
    assert "2 of 5 points got no mask" in done.err
    rows = [row for row in rows_of(tmp_path / "out") if row["area"] == "0"]
    assert [(row["image"], row["point_row"], float(row["quality"])) for row in rows] == [
        ("f0", "30.0000", 0.0),
        ("f1", "25.0000", 0.0),
    ]
    assert "f0" in done.out


def test_a_stopped_run_starts_anew_under_other_weights(glimt, small, run, tmp_path):
    out = tmp_path / "out"
    assert label(glimt, small, out, run).code == 0
    (out / ".journal.jsonl").write_text("")  # as if it had been stopped
    assert label(glimt, small, out, run).code == 0
    (out / ".journal.jsonl").write_text("")
    file = run / "checkpoints" / "last.safetensors"
    write_checkpoint(file, Card("plain_network:Plain", epoch=2), read_checkpoint(file)[1])
    done = label(glimt, small, out, run)
    assert (done.code, "--overwrite" in done.err) == (2, True)


def test_bench_scores_it_beside_the_others_and_says_what_it_rests_on(glimt, small, run):
    labelers = f"box,{run}"
    done = glimt("bench", "labels", small, "--labelers", labelers, "--set", f"{run}.threshold=0.4", "--json")
    assert done.code == 0, done.err
    scores = json.loads(done.out)
    assert (scores[str(run)]["iou"], scores[str(run)]["pd"], scores[str(run)]["f_at"]) == (1.0, 1.0, 0.0)
    assert scores["run"]["prior"] == f"point only, {run} mask-trained on SIRST train"


def test_bench_scores_a_target_without_a_mask(glimt, small, run):
    """A network of zeros scores 0.5 everywhere, which is not above 0.5: the disks of 21 px are missed, and no centroid
    is anywhere."""
    file = run / "checkpoints" / "last.safetensors"
    blind = {name: zeros_like(weight) for name, weight in read_checkpoint(file)[1].items()}
    write_checkpoint(file, Card("plain_network:Plain"), blind)
    values = json.loads(glimt("bench", "labels", small, "--labelers", run, "--json").out)[str(run)]
    assert (values["iou"], values["pd"], values["area_ratio"], values["centroid_error"]) == (0.0, 0.0, 0.0, None)
    assert values["radius_error"] == pytest.approx(np.sqrt(21 / np.pi))


def test_a_training_from_its_masks_carries_its_prior(glimt, small, run, tmp_path):
    settings = {"data.root": small, "data.points": small / "points.csv", "recipe.labeler": run, "epochs": 1}
    words = [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
    done = glimt("train", write_config(tmp_path), tmp_path / "student", *words)
    assert done.code == 0, done.err
    card, _ = read_checkpoint(tmp_path / "student" / "checkpoints" / "last.safetensors")
    assert card.origin["prior"] == "mask-trained on SIRST train"
    assert np.array_equal(read_mask(tmp_path / "student" / "labels" / "f0.png"), read_mask(small / "masks" / "f0.png"))


def write_config(tmp_path):
    file = tmp_path / "config.yaml"
    file.write_text(
        "data: {root: x, train: train, val: null, augment: {name: glimt, size: 32}}\n"
        "network: tiny\ntask: segment\nrecipe: {name: pseudo}\noptimizer: {name: adam, lr: 0.003}\n"
        "epochs: 1\nbatch: 2\nkeep: [last]\n"
    )
    return file


def no_checkpoint(root):
    (root / "run").mkdir()
    return root / "run"


def not_ours(root):
    (root / "run.safetensors").write_text("no tensors")
    return root / "run.safetensors"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (no_checkpoint, ["holds no checkpoint", "glimt train"]),
        (not_ours, ["run.safetensors is no whole checkpoint"]),
        (lambda root: "runs/edgsp", ["no labeler 'runs/edgsp'", "named by its path"]),
    ],
)
def test_what_is_no_run_is_one_line_before_anything_is_written(glimt, small, tmp_path, make, words):
    done = label(glimt, small, tmp_path / "out", make(tmp_path))
    assert (done.code, done.err.count("error:")) == (2, 1), done.err
    assert all(word in done.err for word in words), done.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("f9,3,3", ["'f9'", "1 of 4 names unknown"]),
        ("f1,40,3", ["f1", "row 40", "40 rows x 50 cols"]),
    ],
)
def test_clicks_that_do_not_fit_the_dataset_are_one_line(glimt, small, run, tmp_path, line, words):
    add_click(small, line)
    done = label(glimt, small, tmp_path / "out", run)
    assert (done.code, done.err.count("error:")) == (2, 1), done.err
    assert all(word in done.err for word in words), done.err


def test_a_frame_without_clicks_is_left_alone(glimt, small, run, tmp_path):
    (small / "points.csv").write_text("image,row,col\nf1,25,30\n")
    assert label(glimt, small, tmp_path / "out", run).code == 0
    assert [path.name for path in (tmp_path / "out" / "masks").iterdir()] == ["f1.png"]
