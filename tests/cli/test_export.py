"""`glimt export` and `glimt bench stream`: a file that answers, numbers under fixed names, mistakes in one line."""

import json
from dataclasses import asdict

import numpy as np
import pytest

pytest.importorskip("onnxruntime", reason="exports need glimt[export]")
pytest.importorskip("onnxscript", reason="exports need glimt[export]")

import torch
from jaxtyping import config

from glimt.core.catalog import build
from glimt.core.files import write_png
from glimt.inference.checkpoint import Card, write_checkpoint
from glimt.inference.follow import follow
from glimt.inference.onnx_model import onnx_seer, open_onnx
from glimt.tasks import TASKS
from glimt.tasks.network import network_for

KNOWN = {"statistics": {"mean": 0.4, "std": 0.15}}
LOCATE = Card("rprnet", {"width": 0.125}, "locate", KNOWN, epoch=3)
TINY = Card("tiny", {"width": 2}, "segment", KNOWN, epoch=7)


@pytest.fixture(autouse=True)
def unknown_sizes():
    """Torch draws a graph of any size with names for sizes, which are no `int`: annotations are not checked here."""
    config.update("jaxtyping_disable", True)
    yield
    config.update("jaxtyping_disable", False)


def checkpoint(folder, card):
    """A checkpoint of random weights."""
    torch.manual_seed(0)
    task = build(TASKS, card.task, card.task_options, "task")
    network = network_for(task, card.network, card.network_options)
    file = folder / f"{card.network}.safetensors"
    write_checkpoint(file, card, network.state_dict())
    return file


def test_a_checkpoint_becomes_a_file_for_frames_of_any_size(glimt, tmp_path):
    file = tmp_path / "out" / "tiny.onnx"
    done = glimt("export", checkpoint(tmp_path, TINY), file)
    assert done.code == 0, done.err
    assert "tiny, epoch 7 for frames of any size" in done.err
    opened = open_onnx(file)
    assert opened.name == "tiny, epoch 7, in ONNX"
    assert {key: opened.notes[key] for key in asdict(TINY)} == asdict(TINY)
    frames = [("a", np.zeros((21, 50), np.float32))]
    assert [moment.id for moment in follow(onnx_seer(opened), frames)] == ["a"]


def test_a_streaming_graph_is_told_of_as_json(glimt, tmp_path):
    file = tmp_path / "stream.onnx"
    done = glimt("export", checkpoint(tmp_path, LOCATE), file, "--stream", "--size", "48x64", "--json")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert told.pop("difference") < 1e-4
    assert told == {"out": str(file), "graph": "stream", "size": [48, 64]}
    inputs = {one.name: one.shape for one in open_onnx(file).session.get_inputs()}
    assert inputs == {"frame": [1, 1, 48, 64], "past": [1, 32, 16, 16], "present": [1, 32, 16, 16]}


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (["--size", "256"], "--size 256: write it as HxW in px, such as 256x320, or dynamic"),
        (["--size", "0x256"], "--size 0x256: write it as HxW"),
        (["--stream"], "tiny, epoch 7 does not look at each of three frames alone; export it without --stream"),
    ],
)
def test_a_mistake_is_told_in_one_line_and_leaves_no_file(glimt, tmp_path, options, text):
    file = tmp_path / "tiny.onnx"
    done = glimt("export", checkpoint(tmp_path, TINY), file, *options)
    assert done.code == 2
    assert text in done.err
    assert done.err.count("\n") == 1
    assert not file.exists()


def test_what_is_there_is_kept_and_a_graph_is_called_one(glimt, tmp_path):
    file = tmp_path / "tiny.onnx"
    file.write_text("mine")
    done = glimt("export", checkpoint(tmp_path, TINY), file)
    assert done.code == 2
    assert "exists already" in done.err
    assert file.read_text() == "mine"
    assert "does not end in .onnx" in glimt("export", checkpoint(tmp_path, TINY), tmp_path / "tiny.pt").err


def test_an_export_without_its_packages_names_the_extra(glimt, tmp_path, monkeypatch):
    import importlib.util

    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "onnxscript" else found(name))
    done = glimt("export", checkpoint(tmp_path, TINY), tmp_path / "tiny.onnx")
    assert done.code == 2
    assert "this needs onnxscript: pip install 'glimt[export]'" in done.err


def test_what_a_stream_costs_is_told_beside_a_triplet_for_both(glimt, tmp_path):
    done = glimt(
        "bench", "stream", "--checkpoint", checkpoint(tmp_path, LOCATE), "--size", "96", "--repeats", "9", "--json"
    )
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert (told["size"], told["threads"], told["clock"], told["repeats"]) == (96, 1, "processor", 9)
    for by in ("torch", "onnxruntime"):
        row = told[by]
        assert list(row) == ["triplet_ms", "stream_ms", "ratio", "p50_ms", "p90_ms", "p99_ms"]
        assert row["ratio"] == pytest.approx(row["stream_ms"] / row["triplet_ms"])
        assert row["p50_ms"] <= row["p90_ms"] <= row["p99_ms"]


def test_a_clip_is_followed_by_a_file_as_by_its_checkpoint(glimt, tmp_path):
    rng = np.random.default_rng(0)
    for i in range(3):
        write_png(tmp_path / "clip" / f"{i}.png", rng.integers(0, 255, (48, 64), dtype=np.uint8))
    model, file = checkpoint(tmp_path, LOCATE), tmp_path / "stream.onnx"
    assert glimt("export", model, file, "--stream", "--size", "48x64").code == 0
    tables = []
    for asked, name in ((model, "torch"), (file, "onnx")):
        done = glimt("predict", asked, tmp_path / "clip", tmp_path / name, "--stream", "--threshold", "0.05")
        assert done.code == 0, done.err
        tables.append((tmp_path / name / "targets.csv").read_text().splitlines())
    assert [line.split(",")[0] for line in tables[0]] == [line.split(",")[0] for line in tables[1]]
    assert len(tables[0]) > 1
    refused = glimt("predict", file, tmp_path / "clip", tmp_path / "x")
    assert (refused.code, "is an ONNX file, which goes with --stream; add it" in refused.err) == (2, True), refused.err
    refused = glimt("predict", file, tmp_path / "clip", tmp_path / "x", "--stream", "--pad", "lesps")
    assert (refused.code, "--pad is settled in an ONNX file" in refused.err) == (2, True), refused.err


def test_a_network_that_keeps_no_features_has_no_stream_to_measure(glimt):
    done = glimt("bench", "stream", "--network", "tiny")
    assert done.code == 2
    assert "tiny does not look at each of three frames alone" in done.err


@pytest.mark.parametrize("sizes", [["256x256"], ["0"], [","]])
def test_sides_that_are_none_are_told(glimt, sizes):
    done = glimt("bench", "stream", "--size", *sizes)
    assert done.code == 2
    assert "give sides in px, such as 256 or 256,512" in done.err
