"""The benchmarks of EDGSP on eight synthetic frames: each writes its result and its section, and resumes."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from bright_network import write_bright

from glimt.core.catalog import build
from glimt.core.errors import OutputError
from glimt.core.files import write_png, write_text
from glimt.data.dataset import open_dataset
from glimt.data.synthetic import SceneOptions, draw_scene
from glimt.metrics import PROFILES
from glimt.metrics.evaluate import evaluate
from glimt.metrics.pair import Pair

pytest.importorskip("torch")
sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import ablation
import downstream
import kept
import page_prompted
import page_training
import prompted
import record
import trainings

TINY = ["--network", "tiny", "--epochs", "2"]
QUICK = ("network.width=2", "data.augment.size=32", "batch=2", "precision='no'", "device=cpu")
SMALL = [*TINY, *(part for one in QUICK for part in ("--set", one))]
LISTS = {"train_A": [0, 1], "train_B": [2, 3], "test_A": [4, 5, 6], "test_B": [7]}
LISTS |= {"train_all": [0, 1, 2, 3], "test_all": [4, 5, 6, 7]}


@pytest.fixture(scope="module")
def union(tmp_path_factory):
    """Eight frames of 48 x 48 as benchmarks/union.py would link two datasets."""
    root = tmp_path_factory.mktemp("data") / "A+B"
    for i in range(8):
        scene = draw_scene(SceneOptions(size=(48, 48), targets=(1, 2)), np.random.default_rng(i))
        write_png(root / "images" / f"{i}.png", np.rint(255 * scene.image).astype(np.uint8))
        write_png(root / "masks" / f"{i}.png", 255 * (scene.mask > 0).astype(np.uint8))
    for name, ids in LISTS.items():
        write_text(root / "img_idx" / f"{name}.txt", "".join(f"{id}\n" for id in ids))
    return root


@pytest.fixture
def places(tmp_path, monkeypatch):
    """Results and runs go to a folder of the test."""
    for module in (record, page_training):
        monkeypatch.setattr(module, "RESULTS", tmp_path / "results")
    for module in (trainings, downstream):
        monkeypatch.setattr(module, "RUNS", tmp_path / "runs")
    monkeypatch.setattr(prompted, "PLACE", tmp_path / "runs" / "prompted")
    return tmp_path


@pytest.fixture
def bright(places):
    """A run that finds what is brighter than 0.375, without points."""
    write_bright(places / "runs" / "bright" / "checkpoints" / "last.safetensors")
    return places / "runs" / "bright"


def result(places, name):
    return json.loads((places / "results" / f"{name}.json").read_text())


def counted(monkeypatch, module, name):
    """A function that notes its calls."""
    calls, whole = [], getattr(module, name)
    monkeypatch.setattr(module, name, lambda *a, **k: calls.append(a) or whole(*a, **k))
    return calls


def test_scores_of_parts_are_pooled_to_those_of_the_whole():
    """Oracle: all frames scored at once, under both protocols."""
    rng = np.random.default_rng(1)
    pairs = [Pair(rng.random((24, 24)) < 0.03, rng.random((24, 24)) < 0.03, id=str(i)) for i in range(7)]
    for name in ("edgsp", "basicirstd"):
        rules = build(PROFILES, name, {}, "profile")
        parts = [kept.scores_of(evaluate(some, rules)) for some in (pairs[:2], pairs[2:])]
        found, whole = kept.pooled(parts), kept.scores_of(evaluate(pairs, rules))
        assert found["counts"] == whole["counts"]
        assert [found[key] for key in kept.VALUES] == pytest.approx([whole[key] for key in kept.VALUES])
        assert 0 < found["counts"]["hits"] < found["counts"]["targets"]


def test_what_is_kept_is_not_measured_again(tmp_path):
    for value in (1, 2):
        assert kept.kept(tmp_path / "a.json", lambda value=value: {"value": value})["value"] == 1


def test_the_page_leaves_out_what_was_not_measured(places):
    assert page_prompted.prompted_parts() == []


def test_every_split_and_click_is_scored_once(places, bright, union, monkeypatch):
    """The runs' folder holds 3 labelers + 1 run with 2 splits of 4 kinds, and Table 2 of the run."""
    drawn, table2 = counted(monkeypatch, prompted, "drawn"), counted(monkeypatch, prompted, "as_table2")
    for _ in range(2):
        prompted.main([str(bright), "--dataset", str(union)])
    assert (len(drawn), len(table2)) == ((3 + 1) * 2 * 4, 2)
    found = result(places, "prompted")
    assert list(found["labelers"]) == ["fuse", "pmg", "pamg", "bright"]
    row = found["labelers"]["bright"]
    assert list(row["scores"]) == list(prompted.KINDS)
    for scores in (*row["scores"].values(), row["table 2"]):
        assert list(scores) == ["test_A", "test_B", "all"]
        for key in ("targets", "images"):
            parts = [scores[split]["counts"][key] for split in scores]
            assert parts[0] + parts[1] == parts[2]
    assert row["scores"]["centroid"]["all"]["counts"]["images"] == 4
    cells = f"| bright | unknown | {100 * row['scores']['centroid']['test_A']['niou']:.2f} |"
    page = page_prompted.prompted_parts()
    assert [cells in part for part in page] == [True, False, False, False]  # both splits, all of it, Table 2
    assert f"{page_prompted.four(row['table 2']['test_B'])} | {page_prompted.hits(row['table 2']['test_B'])}" in page[3]
    next((places / "runs" / "prompted").rglob("bright*/test_A-coarse.json")).unlink()
    prompted.main([str(bright), "--dataset", str(union)])
    assert len(drawn) == (3 + 1) * 2 * 4 + 1
    assert result(places, "prompted")["labelers"] | {"bright": row} == found["labelers"] | {"bright": row}


def test_a_labeler_that_keeps_clicked_components_invents_fewer_targets_than_its_network(
    places, bright, union, monkeypatch
):
    monkeypatch.setattr(prompted, "PLAIN", ())
    prompted.main([str(bright), "--dataset", str(union)])
    row = result(places, "prompted")["labelers"]["bright"]
    alone, told = row["table 2"]["all"], row["scores"]["centroid"]["all"]
    assert told["counts"]["false_targets"] <= alone["counts"]["false_targets"]
    assert told["counts"]["overlap"] <= alone["counts"]["overlap"]
    assert row["prior"] == "unknown"
    assert row["shown points"] is False


def test_the_ablation_trains_each_network_once_and_resumes(places, union, monkeypatch):
    measured = counted(monkeypatch, ablation, "measured")
    monkeypatch.setitem(ablation.ROWS, "centre 32", ablation.Row(ablation.ALONE, around=24))
    for rows in ("M5,Ours", "M5,Ours,centre 32*"):
        ablation.main([str(union), "--rows", rows, *SMALL])
    assert len(measured) == 4
    assert len(list((places / "runs").iterdir())) == 3  # M5 and Ours are one training
    found = result(places, "ablation")
    assert list(found["rows"]) == ["M5", "Ours", "centre 32", "centre 32 with EDGSP"]
    assert found["split"] == "train_all -> test_all"
    assert all(row["prior"] == "mask-trained on A+B train_all" for row in found["rows"].values())
    assert all(row["counts"]["images"] == 4 for row in found["rows"].values())
    (page,) = page_prompted.prompted_parts()
    assert "| Ours | TEI, REM, DPE, matched boxes (BBM) | mask-trained on A+B train_all |" in page
    assert "| centre 32 | squares of 32 px around each point | mask-trained on A+B train_all |" in page
    assert "| centre 32 with EDGSP | squares of 32 px around each point, all of M5 |" in page
    config = (places / "runs" / "ablation_A+B_tiny_2_centre_32" / "config.yaml").read_text()
    assert "name: centre" in config
    with pytest.raises(OutputError, match="begun with other settings"):
        ablation.main([str(union), "--rows", "M5", *SMALL, "--set", "seed=1"])


def test_the_rows_are_those_of_table_3():
    """Oracle: the ticks of the paper's Table 3: SPE, TEI, REM, DPE, BBM."""
    ticks = {}
    for name in ("M1", "M2", "M3", "M4", "M5", "Ours"):
        row, task = ablation.ROWS[name], ablation.ROWS[name].task
        ticks[name] = (task["prompt"], task["edges"], task["second"], row.match)
    assert ticks == {
        "M1": ("none", False, False, False),
        "M2": ("point", False, False, False),
        "M3": ("gaussian", False, False, False),
        "M4": ("gaussian", True, False, False),
        "M5": ("gaussian", True, True, False),
        "Ours": ("gaussian", True, True, True),
    }


def test_folds_hold_out_each_frame_once_and_learn_from_the_others(places, union):
    downstream.deal(union, "test_all", places / "folds")
    dealt = open_dataset(places / "folds")
    parts = [
        {part: {one.id for one in dealt.records(f"{part}_fold{i}")} for part in ("train", "test")} for i in range(4)
    ]
    assert all(part["train"] | part["test"] == {"4", "5", "6", "7"} for part in parts)
    assert not any(part["train"] & part["test"] for part in parts)
    assert sorted(id for part in parts for id in part["test"]) == ["4", "5", "6", "7"]
    sizes = [len(downstream.fifth(1079, i)) for i in range(5)]
    assert sizes == [216, 216, 216, 216, 215]


def test_detectors_learn_from_labels_of_every_kind_and_resume(places, bright, union, monkeypatch):
    measured = counted(monkeypatch, downstream, "measured")
    for _ in range(2):
        downstream.main([str(union), str(bright), "--folds", "2", *SMALL])
    assert len(measured) == 2 * 4
    found = result(places, "downstream")
    assert {name: row["prior"] for name, row in found["rows"].items()} == {
        "EDGSP": "unknown",
        "EDGSP coarse": "unknown",
        "fuse": "point only",
        "full": "mask-trained",
    }
    for row in found["rows"].values():
        assert row["iou"] == pytest.approx((row["folds"][0]["iou"] + row["folds"][1]["iou"]) / 2)
        assert [one["counts"]["images"] for one in row["folds"]] == [1, 1]
    (page,) = page_prompted.prompted_parts()
    assert f"| full | mask-trained | {page_prompted.four(found['rows']['full'])} |" in page
    clicks = [
        (places / "runs" / f"downstream_A+B_tiny_2_{name}_bright_0" / "config.yaml").read_text().count("points: coarse")
        for name in ("EDGSP", "EDGSP_coarse")
    ]
    assert clicks == [0, 1]


def test_a_score_is_shown_as_the_paper_prints_it():
    """EDGSP-Coa. on NUDT-SIRST in Table 1: 94.23, 99.89, 0.11 and 1.01e-6."""
    score = {"iou": 0.94231, "pd": 0.99894, "f_at": 0.00106, "fa": 1.006e-6}
    assert page_prompted.four(score) == page_prompted.TABLE1["test_NUDT-SIRST"]["EDGSP, SCTransNet"][1]
