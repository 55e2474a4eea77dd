"""Runs whose labels change: stages, what is noted of each update, and what is refused."""

import json

import numpy as np
import pytest

from glimt.core.errors import DataError, OutputError
from glimt.core.frames import read_pixels
from glimt.core.types import Sample
from glimt.data.labels import LabelFolder
from glimt.training.evolution import forget_updates, note_update, read_table, tables
from glimt.training.run import Run
from glimt.training.stages import Stage, stage_of
from glimt.training.train import train

FOCAL = {"name": "segment", "loss": "focal_cornernet"}


def test_stages_end_where_the_next_begins():
    assert stage_of(0, (), 10) == Stage(0, 10)
    assert [stage_of(epoch, (3, 7), 10) for epoch in (2, 3, 6, 7, 9)] == [
        Stage(0, 3), Stage(3, 7), Stage(3, 7), Stage(7, 10), Stage(7, 10)
    ]  # fmt: skip
    assert stage_of(5, (20,), 10) == Stage(0, 10)
    assert Stage(3, 7).progress(4.0) == 0.25


def test_the_second_stage_forgets_the_first(settings, tmp_path):
    """Its rate begins anew, its best checkpoint is its own, and its first loss that of an untrained network."""
    config = settings(epochs=6, recipe={"name": "hmg", "stage": 4}, ema=0.5)
    train(config, tmp_path / "run")
    rows = Run(tmp_path / "run").read_log()
    rates = [row["lr"] for row in rows]
    assert rates[3] < rates[0] / 5  # of cosine's last step of four epochs
    assert rates[4] > rates[3] * 3
    assert rows[4]["loss"] > rows[3]["loss"]
    assert set(rows[3]["masks"]) == {"initial", "prediction", "filtered", "hybrid"}
    assert [("labels" in row) for row in rows] == [False] * 3 + [True] + [False] * 2
    best = json.loads(Run(tmp_path / "run").checkpoint("best-val").with_suffix(".json").read_text())
    assert best["epoch"] > 4


def label_of(*blobs):
    made = np.zeros((40, 40), dtype=np.float32)
    for top, left, bottom, right, value in blobs:
        made[top:bottom, left:right] = value
    return made


def test_an_update_is_noted_by_hand_worked_numbers(tmp_path):
    """Four targets: one label of 6 px on a true 9, two points in one label of 8 px, one without any."""
    points = np.array([[5.0, 5.0], [20.0, 20.0], [20.0, 23.0], [35.0, 35.0]])
    true = label_of((4, 4, 7, 7, 1), (20, 20, 21, 21, 1), (20, 23, 21, 24, 1), (35, 35, 36, 36, 1))
    sample = Sample("a/b", label_of(), points, true)
    label = label_of((4, 4, 6, 7, 0.8), (19, 20, 21, 24, 1.0), (35, 35, 36, 36, 0.5))
    said = note_update(tmp_path, 5, [sample, Sample("out", label_of(), points)], {"a/b": label})
    rows = read_table(tmp_path / "0005.csv")
    assert [(row.row, row.col, row.area, row.alarm) for row in rows] == [
        (5, 5, 6, ""), (20, 20, 8, "merged"), (20, 23, 8, "merged"), (35, 35, 0, "lost")
    ]  # fmt: skip
    assert [row.iou for row in rows] == pytest.approx([6 / 9, 1 / 8, 1 / 8, 0], abs=1e-4)
    assert [row.pa for row in rows] == pytest.approx([6 / 9, 1, 1, 0], abs=1e-4)
    assert (said["targets"], said["area"], said["lost"], said["merged"], said["grown"]) == (4, 5.5, 1, 2, 0)
    assert said["iou"] == pytest.approx((6 / 9 + 2 / 8) / 4, abs=1e-4)
    sheet = read_pixels(tmp_path / "0005.png")
    assert sheet.shape == (33, 32 * 33)
    assert sheet[15:18, 15:18].tolist() == [[204, 204, 204], [204, 204, 204], [0, 0, 0]]
    assert sheet[:11, :33].max() == 0  # beyond the frame
    assert sheet[16, 3 * 33 + 16] == 128
    assert sheet[:, 4 * 33 :].max() == 0


def test_a_label_that_grows_threefold_beyond_a_small_target_raises_an_alarm(tmp_path):
    sample = Sample("a", label_of(), np.array([[20.0, 20.0]]))
    areas = {0: 1, 5: 16, 10: 36, 15: 144}  # 16 is small, 36 is little more than twice
    for epoch, area in areas.items():
        side = int(area**0.5)
        note_update(tmp_path, epoch, [sample], {"a": label_of((20, 20, 20 + side, 20 + side, 1))})
    assert [read_table(file)[0].alarm for file in tables(tmp_path).values()] == ["", "", "", "grown"]
    assert read_table(tmp_path / "0015.csv")[0].iou is None
    forget_updates(tmp_path, 5)
    assert list(tables(tmp_path)) == [0, 5]
    assert not (tmp_path / "0010.png").exists()


def test_a_damaged_table_is_named(tmp_path):
    (tmp_path / "0005.csv").write_text("image,row,col,area,iou,pa,alarm\na,1,2,x,,,\n")
    with pytest.raises(DataError, match=r"0005\.csv, line 2"):
        read_table(tmp_path / "0005.csv")


def test_a_run_does_not_go_on_under_another_recipe(settings, tmp_path):
    train(settings(epochs=1, task=FOCAL, recipe={"name": "lesps", "begin_epoch": 1}), tmp_path / "run")
    with pytest.raises(OutputError, match=r"recipe was .*'begin_epoch': 1.*, now .*'begin_epoch': 2"):
        train(settings(epochs=1, task=FOCAL, recipe={"name": "lesps", "begin_epoch": 2}), tmp_path / "run")


def test_labels_of_another_size_and_frames_that_are_gone_are_said(settings, tmp_path, scenes):
    config = settings(epochs=2)
    run = Run(tmp_path / "run")
    train(config, run.root)
    train(config, run.root)  # finished: nothing to do
    ids = sorted(run.labels)
    run.state.unlink()
    LabelFolder(run.labels.root)[ids[0]] = np.zeros((20, 30), dtype=np.float32)
    with pytest.raises(DataError, match=rf"{ids[0]}: its label is \(20, 30\), its frame \(48, 48\)"):
        train(config, run.root)
    facts = json.loads(run.facts.read_text())
    run.facts.write_text(json.dumps(facts | {"train": [*facts["train"], "of/another"]}))
    with pytest.raises(DataError, match="1 of the 12 frames that this run began with are not in the dataset any more"):
        train(config, run.root)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("ghost,1,2", r"no frame 'ghost' in .*\(1 of 2 names unknown\)"),
        ("scene_000003,1,480", r"scene_000003: point \(row 1, col 480\) is outside the frame of 48 rows x 48 cols"),
        ("scene_000001,7,7", r"lines 2 and 3: scene_000001 has the point \(row 7, col 7\) twice"),
    ],
)
def test_clicks_that_fit_no_frame_are_said_before_anything_is_learnt(settings, tmp_path, line, said):
    (tmp_path / "points.csv").write_text(f"image,row,col\nscene_000001,7,7\n{line}\n")
    data = settings().data.model_dump(mode="json") | {"points": str(tmp_path / "points.csv"), "val": None}
    with pytest.raises(DataError, match=said):
        train(settings(data=data, batch=1, task=FOCAL, recipe={"name": "lesps"}), tmp_path / "run")


def test_frames_that_a_file_of_clicks_does_not_name_are_left_out(settings, tmp_path):
    (tmp_path / "points.csv").write_text("image,row,col\nscene_000001,7,7\nscene_000002,9,9\nscene_000002,30,30\n")
    data = settings().data.model_dump(mode="json") | {"points": str(tmp_path / "points.csv"), "val": None}
    train(settings(data=data, batch=2, epochs=1, task=FOCAL, recipe={"name": "lesps"}), tmp_path / "run")
    assert sorted(Run(tmp_path / "run").labels) == ["scene_000001", "scene_000002"]
