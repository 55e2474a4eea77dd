"""Many frames: what is read, what is found, what is written; the answers of the network are known by hand."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from bright_network import bright

from glimt.core.errors import OptionError, OutputError
from glimt.core.files import write_png
from glimt.core.frames import read_frame, read_mask
from glimt.inference.detections import Detection, detections, to_csv
from glimt.inference.device import choose_device, ready
from glimt.inference.frames import PredictedFolder, predict_frames, to_levels
from glimt.inference.model import Model
from glimt.inference.predict import Asking, predict
from glimt.inference.stream import open_stream
from glimt.metrics.folders import read_scores
from glimt.tasks.segment import segment

SETTINGS = {"model": "bright"}
MODEL = Model(bright(), segment(), "minimal", 0.5, "bright")


@pytest.fixture
def frames(tmp_path):
    """Three dark frames of 20 x 30, a target of 2 x 3 pixels in the first, none in the second, two in the third."""
    for i, corners in enumerate([[(4, 5)], [], [(1, 1), (10, 20)]]):
        image = np.random.default_rng(i).integers(9000, 11000, (20, 30)).astype(np.uint16)
        for row, col in corners:
            image[row : row + 2, col : col + 3] = 50000
        write_png(tmp_path / "frames" / f"f{i}.png", image)
    return tmp_path / "frames"


def fill(folder, stream, overwrite=False, settings=SETTINGS):
    done = folder.open(settings, overwrite)
    rows = [row for rows in predict_frames(MODEL, stream, folder, Asking(), done) for row in rows]
    folder.close(rows)
    return rows


def test_a_blob_of_scores_becomes_a_row_worked_out_by_hand():
    score, image = np.zeros((12, 12), np.float32), np.zeros((12, 12), np.float32)
    score[2, 3:6] = (0.6, 0.9, 0.75)
    score[3, 6] = 0.7  # touches by a corner
    score[9, 9] = 0.5  # no higher than the threshold
    image[score > 0.5] = 0.8
    image[0, ::2] = 0.4  # 6 of the 140 pixels around: mean 0.4 * 6 / 140, spread 0.4 * sqrt(6 * 134) / 140
    (row,) = detections("f", score, image, 0.5)
    assert row[:5] == ("f", 1, 2.25, 4.5, 4)
    assert row.radius == pytest.approx(np.sqrt(4 / np.pi))
    assert (row.score, row.mean_score) == pytest.approx((0.9, 0.7375))
    assert row.scr == pytest.approx((0.8 - 2.4 / 140) / (0.4 * np.sqrt(6 * 134) / 140), rel=1e-5)


def test_nothing_found_is_no_row_and_a_table_of_its_head():
    assert detections("f", np.zeros((5, 5), np.float32), np.zeros((5, 5), np.float32), 0.5) == []
    assert to_csv([]) == "image,target,row,col,area,radius,score,mean_score,scr\n"


def test_each_of_many_blobs_keeps_its_own_highest_score():
    """Against a loop over the blobs, as SciPy labels them."""
    from scipy.ndimage import label

    score = np.random.default_rng(0).random((40, 40)).astype(np.float32)
    rows = detections("f", score, score, 0.8)
    labels, count = label(score > 0.8, np.ones((3, 3)))
    slow = sorted((float(score[labels == i].max()), int((labels == i).sum())) for i in range(1, count + 1))
    assert sorted((row.score, row.area) for row in rows) == slow
    assert count > 20


def test_scores_above_a_half_and_no_others_stay_above_it_on_disk():
    half = np.float32(0.5)
    score = np.array([[0, 1, half, np.nextafter(half, np.float32(1)), np.nextafter(half, np.float32(0))]], np.float32)
    kept = to_levels(score) / np.float32(65535)
    assert (kept > 0.5).tolist() == [[False, True, False, True, False]]
    assert kept[0, :2].tolist() == [0, 1]


def test_a_folder_holds_scores_masks_and_a_table_that_agree(frames, tmp_path):
    folder = PredictedFolder(tmp_path / "out")
    rows = fill(folder, open_stream(frames))
    assert [(row.image, row.row, row.col, row.area) for row in rows] == [
        ("f0", 4.5, 6.0, 6),
        ("f2", 1.5, 2.0, 6),
        ("f2", 10.5, 21.0, 6),
    ]
    for i in range(3):
        assert np.array_equal(read_mask(folder.mask(f"f{i}")), read_frame(frames / f"f{i}.png") > 0.375)
        assert np.array_equal(read_scores(folder.score(f"f{i}")) > 0.5, read_mask(folder.mask(f"f{i}")))
    assert cv2.imread(str(folder.score("f0")), -1).dtype == np.uint16
    assert (folder.root / "targets.csv").read_text().splitlines()[1].startswith("f0,1,4.5000,6.0000,6,1.3820,1.0000")
    assert sorted(path.name for path in folder.root.iterdir()) == ["masks", "predict.json", "scores", "targets.csv"]


def test_a_stopped_run_goes_on_without_reading_again_what_is_done(frames, tmp_path):
    folder, whole = PredictedFolder(tmp_path / "out"), PredictedFolder(tmp_path / "whole")
    stream = open_stream(frames)
    groups = predict_frames(MODEL, stream, folder, Asking(), folder.open(SETTINGS, False))
    next(groups), next(groups)
    assert not (folder.root / "targets.csv").exists()
    fill(whole, stream)
    for i in range(2):
        (frames / f"f{i}.png").write_bytes(b"no longer a frame")
    fill(folder, stream)
    assert (folder.root / "targets.csv").read_text() == (whole.root / "targets.csv").read_text()
    assert not folder.journal.file.exists()


def test_other_settings_neither_go_on_nor_overwrite(frames, tmp_path):
    folder = PredictedFolder(tmp_path / "out")
    next(predict_frames(MODEL, open_stream(frames), folder, Asking(), folder.open(SETTINGS, False)))
    with pytest.raises(OutputError, match="--overwrite"):
        folder.open({"model": "other"}, False)
    assert fill(folder, open_stream(frames), overwrite=True, settings={"model": "other"})


def test_overwriting_leaves_no_file_of_the_run_before(frames, tmp_path):
    folder = PredictedFolder(tmp_path / "out")
    fill(folder, open_stream(frames))
    (frames / "f1.png").unlink()
    fill(folder, open_stream(frames), overwrite=True)
    assert sorted(path.name for path in (folder.root / "masks").iterdir()) == ["f0.png", "f2.png"]


def test_one_frame_is_a_stream_of_one(frames):
    (sample,) = open_stream(frames / "f2.png").samples(())
    assert (sample.id, sample.image.shape) == ("f2", (20, 30))


def test_headerless_frames_are_read_by_their_form(tmp_path):
    (tmp_path / "raw").mkdir()
    np.arange(600, dtype="<u2").tofile(tmp_path / "raw" / "a.bin")
    (sample,) = open_stream(tmp_path / "raw", raw="uint16:20x30").samples(())
    assert sample.id == "a"
    assert sample.image[19, 29] == pytest.approx(599 / 65535)


def test_the_pages_of_a_tiff_are_decoded_in_one_pass(frames, tmp_path, monkeypatch):
    tifffile = pytest.importorskip("tifffile", reason="the extra glimt[video] is not installed")
    from glimt.core import pages, sequence

    tifffile.imwrite(
        tmp_path / "clip.tiff",
        np.stack([cv2.imread(str(frames / f"f{i}.png"), -1) for i in range(3)]),
        photometric="minisblack",
    )
    passes = []

    def counted(path):
        passes.append(path)
        yield from pages.iter_pages(path)

    monkeypatch.setattr(sequence, "iter_pages", counted)
    stream = open_stream(tmp_path / "clip.tiff")
    seen = list(stream.samples({"clip/000001"}))
    assert stream.ids == ("clip/000000", "clip/000001", "clip/000002")
    assert [sample.id for sample in seen] == ["clip/000000", "clip/000002"]
    assert np.array_equal(seen[1].image, read_frame(frames / "f2.png"))
    assert len(passes) == 1


def test_the_frames_of_a_video_are_decoded_in_one_pass(tmp_path, monkeypatch):
    av = pytest.importorskip("av", reason="the extra glimt[video] is not installed")
    from glimt.core import sequence, video

    with av.open(str(tmp_path / "clip.mkv"), "w") as out:
        track = out.add_stream("ffv1", rate=10)
        track.width, track.height, track.pix_fmt = 32, 32, "gray"
        for i in range(4):
            frame = av.VideoFrame.from_ndarray(np.full((32, 32), 40 * i, np.uint8), format="gray")
            out.mux(track.encode(frame))
        out.mux(track.encode())
    passes = []

    def counted(path):
        passes.append(path)
        yield from video.iter_video(path)

    monkeypatch.setattr(sequence, "iter_video", counted)
    seen = list(open_stream(tmp_path / "clip.mkv").samples(()))
    assert [sample.id for sample in seen] == [f"clip/{i:06d}" for i in range(4)]
    assert [round(float(sample.image.mean()) * 255) for sample in seen] == [0, 40, 80, 120]
    assert len(passes) == 1


def test_a_model_made_ready_answers_the_same_and_stays_out_of_training(frames):
    import torch

    from glimt.networks.tiny import Tiny

    torch.manual_seed(0)
    network = Tiny(width=4)
    network(torch.randn(4, 1, 32, 32))  # batch normalisations that have seen something
    (sample,) = open_stream(frames / "f0.png").samples(())
    model = replace(MODEL, network=network)
    quick = ready(model, choose_device("cpu"))
    assert not any(isinstance(module, torch.nn.BatchNorm2d) for module in quick.network.modules())
    found = predict(quick.network, model.task, sample)
    assert np.abs(found - predict(network, model.task, sample)).max() < 1e-5
    assert np.ptp(found) > 1e-4


def test_a_gpu_that_is_absent_is_an_error_only_when_it_was_asked_for(monkeypatch):
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert choose_device("auto").type == "cpu"
    with pytest.raises(OptionError, match="sees no GPU"):
        choose_device("cuda")
    with pytest.raises(OptionError, match="no device 'gpu'; known: auto, cpu, cuda"):
        choose_device("gpu")


def test_a_row_survives_the_journal(tmp_path):
    folder = PredictedFolder(tmp_path / "out")
    folder.open(SETTINGS, False)
    row = Detection("f", 1, 2.0, 3.0, 1, 0.5, 1.0, 1.0, float("inf"))
    folder.add("f", np.zeros((4, 4), np.uint16), np.zeros((4, 4), bool), [row])
    assert folder.open(SETTINGS, False) == {"f": [row]}
