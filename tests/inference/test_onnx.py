"""An exported graph answers as the network does in torch, which is the oracle, and needs no torch to be asked."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch

from glimt.core.catalog import build
from glimt.core.errors import DataError, OptionError
from glimt.inference.checkpoint import Card
from glimt.inference.follow import follow
from glimt.inference.follow_torch import seer_of
from glimt.inference.model import Model
from glimt.inference.onnx_model import onnx_seer, open_onnx
from glimt.inference.parity import difference
from glimt.tasks import TASKS
from glimt.tasks.network import network_for

pytest.importorskip("onnxruntime", reason="exports need glimt[export]")
onnx = pytest.importorskip("onnx", reason="exports need glimt[export]")
pytest.importorskip("onnxscript", reason="exports need glimt[export]")

from glimt.export import export_model, export_stream, load_for_export  # noqa: E402

KNOWN = {"statistics": {"mean": 0.4, "std": 0.15}}
SMALL = {"width": 0.125}
LOCATE = Card("rprnet", SMALL, "locate", KNOWN, threshold=0.3)
TINY = Card("tiny", {"width": 4}, "segment", KNOWN, threshold=0.3)
SPREAD = {"rprnet": 0.28, "tiny": 0.4}  # of random weights, for scores on both sides of the threshold


@pytest.fixture(autouse=True, scope="module")
def unknown_sizes():
    """Torch draws a graph of any size with names for sizes, which are no `int`: annotations are not checked here."""
    from jaxtyping import config

    config.update("jaxtyping_disable", True)
    yield
    config.update("jaxtyping_disable", False)


def model_of(card):
    task = build(TASKS, card.task, card.task_options, "task")
    torch.manual_seed(0)
    network = network_for(task, card.network, card.network_options)
    for parameter in network.parameters() if card.network in SPREAD else ():  # as if something had been learnt
        torch.nn.init.normal_(parameter, std=SPREAD[card.network])
    for name, values in network.state_dict().items():
        if "running" in name:
            values.copy_(torch.rand_like(values) + (0.5 if name.endswith("var") else -0.5))
    return Model(network.eval(), task, card.pad, card.threshold, card.network, mean=0.4)


@pytest.fixture(scope="module")
def located(tmp_path_factory):
    """RPR-Net, its graph for three frames of one size, and its streaming graph for frames of any size."""
    folder, model = tmp_path_factory.mktemp("located"), model_of(LOCATE)
    export_model(model, LOCATE, folder / "whole.onnx", (45, 52))
    export_stream(model, LOCATE, folder / "stream.onnx")
    return model, folder


@pytest.fixture(scope="module")
def segmenting(tmp_path_factory):
    """Tiny, and its graph for frames of 45 x 52."""
    file, model = tmp_path_factory.mktemp("segmenting") / "tiny.onnx", model_of(TINY)
    export_model(model, TINY, file, (45, 52))
    return model, file


def clip(count, shape=(45, 52)):
    rng = np.random.default_rng(0)
    return [(f"clip/{i:03d}", rng.random(shape, dtype=np.float32)) for i in range(count)]


@pytest.mark.parametrize("size", [(33, 40), (96, 20)])
def test_a_graph_for_any_size_answers_about_sizes_it_was_not_drawn_with(located, size):
    model, folder = located
    assert difference(model, open_onnx(folder / "stream.onnx"), size, seed=7) < 1e-4


def test_a_mirrored_edge_of_any_size_is_in_the_graph(tmp_path):
    card = replace(TINY, pad="reflect")
    export_model(model_of(card), card, tmp_path / "tiny.onnx")
    opened = open_onnx(tmp_path / "tiny.onnx")
    for size in ((9, 64), (47, 33)):
        assert difference(model_of(card), opened, size, seed=3) < 1e-4


CARDS = {
    "acm, padded always": Card("acm", {}, "segment", KNOWN, pad="lesps"),
    "tiny, three channels": replace(TINY, task_options=KNOWN | {"channels": 3}),
    "tiny, four frames": replace(TINY, task_options=KNOWN | {"past": 2, "future": 1}),
    "rprnet, one frame": replace(
        LOCATE, network_options=SMALL | {"temporal": "single"}, task_options=KNOWN | {"past": 0, "future": 0}
    ),
}


@pytest.mark.parametrize("name", CARDS)
def test_a_graph_for_one_size_answers_as_the_network(name, tmp_path):
    card, model = CARDS[name], model_of(CARDS[name])
    export_model(model, card, tmp_path / "one.onnx", (40, 50))
    assert difference(model, open_onnx(tmp_path / "one.onnx"), (40, 50), seed=5) < 1e-4
    assert [file.name for file in tmp_path.iterdir()] == ["one.onnx"]  # no weights beside it, no draft


@pytest.mark.parametrize("count", [1, 2, 5])
@pytest.mark.parametrize("graph", ["whole", "stream"])
def test_a_sequence_followed_without_torch_is_answered_as_with_it(located, graph, count):
    model, folder = located
    asked = open_onnx(folder / f"{graph}.onnx")
    wanted = list(follow(seer_of(model), clip(count)))
    found = list(follow(onnx_seer(asked), clip(count)))
    assert any(moment.found.targets for moment in wanted)
    for one, other in zip(found, wanted, strict=True):
        assert one.id == other.id
        assert np.array_equal(one.found.instances, other.found.instances)
        mine, its = (np.array([row[2:] for row in moment.found.targets]) for moment in (one, other))
        np.testing.assert_allclose(mine, its, atol=1e-4, rtol=1e-4)


def test_a_segmenting_network_is_followed_too(segmenting):
    model, file = segmenting
    wanted = list(follow(seer_of(model), clip(2)))
    found = list(follow(onnx_seer(open_onnx(file)), clip(2)))
    assert any(moment.found.targets for moment in wanted)
    for one, other in zip(found, wanted, strict=True):
        assert np.array_equal(one.found.instances, other.found.instances)


def test_each_frame_passes_the_streaming_graph_once_and_the_last_one_twice(located, monkeypatch):
    runs = []

    class Counting:
        def __init__(self, session):
            self.session, self.get_inputs = session, session.get_inputs

        def run(self, outputs, arrays):
            runs.append(arrays["frame"].tobytes())
            return self.session.run(outputs, arrays)

    opened = open_onnx(located[1] / "stream.onnx")
    frames = clip(5)
    list(follow(onnx_seer(replace(opened, session=Counting(opened.session))), frames))
    assert runs == [image.tobytes() for _, image in [*frames, frames[-1]]]


def test_the_card_and_nothing_of_the_disk_goes_into_the_file(located):
    file = located[1] / "stream.onnx"
    notes = open_onnx(file).notes
    assert notes["task_options"] == KNOWN
    assert (notes["network"], notes["task"], notes["threshold"], notes["span"]) == ("rprnet", "locate", 0.3, [1, 1])
    assert b"glimt/networks" not in file.read_bytes()
    assert b"site-packages" not in file.read_bytes()


def test_a_graph_that_answers_otherwise_is_not_kept(tmp_path):
    wrong = replace(TINY, task_options={"statistics": {"mean": 0.1, "std": 0.3}})
    with pytest.raises(DataError, match=r"tiny.onnx is not written: its answer is .* off that of tiny in torch"):
        export_model(model_of(TINY), wrong, tmp_path / "tiny.onnx", (32, 32))
    assert not list(tmp_path.iterdir())


def test_only_a_network_that_looks_at_frames_alone_is_streamed(tmp_path):
    card = replace(TINY, task_options=KNOWN | {"past": 1, "future": 1})
    with pytest.raises(OptionError, match="tiny does not look at each of three frames alone; export it without"):
        export_stream(model_of(card), card, tmp_path / "tiny.onnx")


def test_a_network_that_is_told_points_is_no_graph_of_frames(tmp_path):
    card = Card("tiny", {"width": 4}, "prompted")
    with pytest.raises(OptionError, match="is shown points beside frames"):
        export_model(model_of(card), card, tmp_path / "tiny.onnx")


def test_files_that_are_no_export_are_told_apart(tmp_path, located):
    with pytest.raises(DataError, match="no file at"):
        open_onnx(tmp_path / "absent.onnx")
    (tmp_path / "text.onnx").write_text("not a graph")
    with pytest.raises(DataError, match=r"text.onnx is no whole ONNX file"):
        open_onnx(tmp_path / "text.onnx")
    proto = onnx.load(located[1] / "whole.onnx")
    del proto.metadata_props[:]
    onnx.save(proto, tmp_path / "bare.onnx")
    with pytest.raises(DataError, match="says nothing of how to ask it"):
        open_onnx(tmp_path / "bare.onnx")


def test_a_frame_of_another_size_than_the_graphs_is_refused_in_one_line(segmenting):
    seer = onnx_seer(open_onnx(segmenting[1]))
    with pytest.raises(DataError, match="is for frames of 45 x 52 only, got 32 x 64; export it with --size dynamic"):
        list(follow(seer, clip(1, (32, 64))))


def test_a_task_whose_answers_are_not_known_here_is_refused(located):
    opened = open_onnx(located[1] / "whole.onnx")
    other = replace(opened, notes={**opened.notes, "task": "mine:task"})
    with pytest.raises(OptionError, match="reads answers of task 'mine:task' without torch"):
        onnx_seer(other)


FOLLOW = """
import sys
from pathlib import Path
import numpy as np
from glimt.inference.follow import follow
from glimt.inference.onnx_model import onnx_seer, open_onnx
frames = [(str(i), np.random.default_rng(i).random((45, 52), dtype=np.float32)) for i in range(3)]
moments = list(follow(onnx_seer(open_onnx(Path(sys.argv[1]))), frames))
print([len(moment.found.targets) for moment in moments], "torch" in sys.modules)
"""


def test_following_loads_no_torch(located):
    frames = [(str(i), np.random.default_rng(i).random((45, 52), dtype=np.float32)) for i in range(3)]
    counts = [len(moment.found.targets) for moment in follow(seer_of(located[0]), frames)]
    command = [sys.executable, "-c", FOLLOW, str(located[1] / "stream.onnx")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ)
    assert done.stdout.split("\n")[0] == f"{counts} False"


@pytest.mark.real
def test_published_weights_keep_their_answers(shared_data, tmp_path):
    file = shared_data.parent / "checkpoints" / "lesps" / "ACM_full.pth.tar"
    model, card = load_for_export(file)
    assert json.loads(json.dumps(card.task_options))["statistics"]["mean"] == pytest.approx(95.010 / 255)
    assert export_model(model, card, tmp_path / "acm.onnx", (64, 64)) < 1e-4
