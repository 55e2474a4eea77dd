import json

import cv2
import numpy as np
import pytest

from glimt.cli.evaluate import evaluate
from glimt.core.errors import DataError, OutputError, UnknownNameError


@pytest.fixture
def dataset(tmp_path):
    """Two frames of 40 x 40: in one the target is found with scores of 200 of 255, in the other it is missed."""
    rng = np.random.default_rng(0)
    for i in range(2):
        true = np.zeros((40, 40), np.uint8)
        true[10 + i : 13 + i, 20:23] = 255
        found = (true > 0) * np.uint8(200 if i == 0 else 100)
        frame = (rng.random((40, 40)) * 60).astype(np.uint8) + true // 2
        for folder, pixels in (("found", found), ("true", true), ("frames", frame)):
            (tmp_path / folder).mkdir(exist_ok=True)
            cv2.imwrite(str(tmp_path / folder / f"{i}.png"), pixels)
    return tmp_path


def run(capsys, *args, **options):
    evaluate(*args, as_json=True, **options)
    return json.loads(capsys.readouterr().out)


def test_values_and_counts_are_at_the_top_level(dataset, capsys):
    got = run(capsys, dataset / "found", dataset / "true")
    assert (got["profile"], got["images"], got["pd"], got["hits"], got["targets"]) == ("basicirstd", 2, 0.5, 1, 2)
    assert (got["iou"], got["overlap"], got["union"]) == (0.5, 9, 18)
    assert got["fa"] == 0


def test_a_threshold_of_ones_own_finds_both(dataset, capsys):
    assert run(capsys, dataset / "found", dataset / "true", threshold=0.3)["hits"] == 2


def test_reports_hold_rows_tables_and_intervals(dataset, capsys):
    out = dataset / "out"
    run(capsys, dataset / "found", dataset / "true", frames=dataset / "frames", out=out, bootstrap=50)
    report = json.loads((out / "report.json").read_text())
    assert [row["id"] for row in report["rows"]] == ["0", "1"]
    assert set(report["tables"]) == {"roc", "detection_curve", "pd_by_scale", "pd_by_contrast", "boundary"}
    assert report["intervals"]["pd"] == [0, 1]
    assert "<html" in (out / "report.html").read_text()


def test_a_table_shows_raw_counts(dataset, capsys):
    evaluate(dataset / "found", dataset / "true", bootstrap=10)
    text = capsys.readouterr().out
    assert "1/2" in text
    assert "9/18" in text


def test_filled_output_is_refused_before_anything_is_scored(dataset):
    (dataset / "out").mkdir()
    (dataset / "out" / "mine.txt").write_text("keep")
    with pytest.raises(OutputError, match="--overwrite"):
        evaluate(dataset / "found", dataset / "true", out=dataset / "out")


def test_an_unknown_profile_is_suggested(dataset):
    with pytest.raises(UnknownNameError, match=r"no profile 'mshne'.*did you mean 'mshnet'"):
        evaluate(dataset / "found", dataset / "true", profile="mshne")


def test_a_size_mismatch_names_both_shapes_and_writes_nothing(dataset):
    cv2.imwrite(str(dataset / "true" / "1.png"), np.zeros((40, 41), np.uint8))
    with pytest.raises(DataError, match=r"1: found map is \(40, 40\), true mask is \(40, 41\)"):
        evaluate(dataset / "found", dataset / "true", out=dataset / "out")
    assert not (dataset / "out").exists()


def test_masks_of_zeros_and_ones_are_pointed_out(dataset, capsys):
    for path in (dataset / "true").iterdir():
        cv2.imwrite(str(path), cv2.imread(str(path), 0) // 255)
    evaluate(dataset / "found", dataset / "true")
    assert "no true target in any mask; a mask holds 0 and 255" in capsys.readouterr().err


def test_true_masks_without_a_found_map_are_counted_and_said_aloud(glimt, small, tmp_path):
    import json
    import shutil

    found = tmp_path / "found"
    shutil.copytree(small / "masks", found)
    (found / "f0.png").unlink()
    done = glimt("evaluate", found, small / "masks", "--json")
    values = json.loads(done.out)
    assert (done.code, values["images"], values["only_true"], values["only_found"]) == (0, 2, 1, 0)
    assert "NOT SCORED: 1 true masks" in done.err
    strict = glimt("evaluate", found, small / "masks", "--strict")
    assert (strict.code, "f0" in strict.err) == (2, True)
