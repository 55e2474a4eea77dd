"""The tables of PAMG on sequences, on two short synthetic ones."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from glimt.core.errors import DataError
from glimt.core.files import write_png, write_text
from glimt.core.targets import effective_radius, targets
from glimt.inference.bench import Case
from glimt.labelers.pamg import Pamg

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
import page_sequences
import page_training
import pamg_sequences
import record


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    """Two sequences of four frames with one disk each, of 13 or 29 px, that moves; the last frame of `b` has none."""
    root = tmp_path_factory.mktemp("data") / "disks"
    rows, cols = np.indices((48, 48))
    rng = np.random.default_rng(0)
    for name, radius in (("a", 4), ("b", 9)):
        for i in range(4):
            disk = ((rows - 20 - i) ** 2 + (cols - 24) ** 2 <= radius) & ((name, i) != ("b", 3))
            frame = 60 + 2 * rng.standard_normal(disk.shape) + 90 * disk
            write_png(root / name / "images" / f"{i:04d}.png", np.rint(frame).astype(np.uint8))
            write_png(root / name / "masks" / f"{i:04d}.png", 255 * disk.astype(np.uint8))
        write_text(root / name / "points.csv", "frame,x,y\n" + "".join(f"{i},24,{20 + i}\n" for i in range(4)))
    return root


@pytest.fixture(scope="module")
def result(clips):
    return pamg_sequences.measure(clips, None, 1)


def test_every_table_of_the_paper_is_there(result):
    assert (result["sequences"], result["frames"]) == (2, 7)
    assert list(result["seeds"]) == ["centroid", "interior", "boundary"]
    assert [float(radius) for radius in result["support"]] == [2, 4, 8, 12, 16, 20, 24, 28, 32, 40]
    assert list(result["guided"]) == [str(k) for k in range(1, 11)]
    assert len(result["terms"]) == 5
    assert sum(result["boundary"]["targets"]) == 7 * 3  # three draws of clicks


def test_disks_of_high_contrast_are_drawn_whole_from_any_seed(result):
    for own in result["seeds"].values():
        assert own["miou"] > 0.95
        assert own["area_ratio"] == pytest.approx(1, abs=0.05)
        assert own["centroid_error"] < 0.2


def test_a_support_of_the_targets_own_radius_cuts_it_and_five_times_does_not(result):
    """The shape of Table IV (b): at k = 1 the mask is under-grown."""
    assert result["guided"]["1"]["miou"] < result["guided"]["3"]["miou"] <= result["guided"]["5"]["miou"]
    assert result["support"]["2"]["miou"] < result["support"]["20"]["miou"]
    assert result["terms"]["full"] == result["support"]["20"]


def test_guided_takes_each_targets_own_radius():
    image = np.random.default_rng(1).random((40, 40), dtype=np.float32)
    true = np.zeros((40, 40), bool)
    true[5:8, 5:8], true[20:25, 20:25] = True, True
    case = Case("0", image, true, np.array([[6.0, 6.0], [22.0, 22.0]]))
    drawn = pamg_sequences.guided([case], 2)(image, case.points)
    radii = 2 * effective_radius(targets(true).areas)
    assert radii.tolist() == pytest.approx([2 * np.sqrt(9 / np.pi), 2 * np.sqrt(25 / np.pi)])
    assert np.array_equal(drawn, Pamg().guided(image, case.points, radii).instances)


def test_frames_without_a_mask_are_refused(clips, tmp_path):
    write_png(tmp_path / "c" / "images" / "0000.png", np.zeros((20, 20), np.uint8))
    write_text(tmp_path / "c" / "points.csv", "frame,x,y\n0,5,5\n")
    with pytest.raises(DataError, match="c/0000: there is no true mask"):
        pamg_sequences.measure(tmp_path, None, 1)


def test_the_command_writes_a_result_a_plot_and_its_section(clips, tmp_path, monkeypatch, capsys):
    for module in (record, page_training, page_sequences):
        monkeypatch.setattr(module, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(pamg_sequences, "IMAGES", tmp_path / "images")
    monkeypatch.setattr(sys, "argv", ["pamg_sequences.py", str(clips), "--every", "4"])
    pamg_sequences.main()
    written = json.loads((tmp_path / "results" / "pamg_sequences_disks.json").read_text())
    assert (written["frames"], written["every"]) == (2, 4)
    assert (tmp_path / "images" / "pamg_boundary_disks.png").stat().st_size > 5000
    text = "\n".join(page_sequences.sequences_parts())
    assert "## PAMG on sequences: disks" in text
    assert "(*87.19*)" in text
    assert text.count("paper, mIoU %") == 2
