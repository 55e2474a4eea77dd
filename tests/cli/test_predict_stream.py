"""`glimt predict --stream` from a source to a folder, and every way a source can end."""

import csv
import json

import cv2
import numpy as np
import pytest
import torch
from bright_network import write_bright

from glimt.core.errors import FrameError
from glimt.core.files import write_png
from glimt.core.frames import read_mask
from glimt.inference.checkpoint import Card, write_checkpoint
from glimt.networks.rprnet import Rprnet


@pytest.fixture
def model(tmp_path):
    return write_bright(tmp_path / "run" / "checkpoints" / "last.safetensors")


def frame(i, shape=(40, 50)):
    """A bright square of 3 x 3 whose middle is at (10, 10 + 2 i)."""
    image = np.full(shape, 40, np.uint8)
    image[9:12, 9 + 2 * i : 12 + 2 * i] = 200
    return image


@pytest.fixture
def folder(tmp_path):
    for i in range(4):
        write_png(tmp_path / "clip" / f"{i:04d}.png", frame(i))
    return tmp_path / "clip"


def video(path, count=6):
    av = pytest.importorskip("av")
    with av.open(str(path), "w") as file:
        stream = file.add_stream("ffv1", rate=10)
        stream.height, stream.width = frame(0).shape
        stream.pix_fmt = "gray"
        for i in range(count):
            file.mux(stream.encode(av.VideoFrame.from_ndarray(frame(i), format="gray")))
        file.mux(stream.encode())
    return path


def rows_in(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def scored(glimt, model, dataset, folder, masks, *more):
    """What `glimt evaluate` says of a model on the clip, whose squares are its true masks."""
    for i, file in enumerate(sorted(folder.iterdir())):
        write_png(dataset / "images" / "clip" / file.name, frame(i))
        write_png(dataset / "masks" / "clip" / file.name, np.where(frame(i) > 100, np.uint8(255), np.uint8(0)))
    done = glimt("evaluate", dataset, "--checkpoint", model, "--masks", masks, "--threshold", "0.01", "--json", *more)
    assert done.code == 0, done.err
    return json.loads(done.out)


def test_a_stream_finds_what_a_prediction_finds(glimt, folder, model, tmp_path):
    done = glimt("predict", model, folder, tmp_path / "a", "--stream", "--json")
    assert done.code == 0, done.err
    assert glimt("predict", model, folder, tmp_path / "b").code == 0
    rows = rows_in(tmp_path / "a" / "targets.csv")
    assert [(row["image"], float(row["row"]), float(row["col"])) for row in rows] == [
        (f"{i:04d}", 10, 10 + 2 * i) for i in range(4)
    ]
    for row, other in zip(rows, rows_in(tmp_path / "b" / "targets.csv"), strict=True):  # scores are not rounded here
        assert [row[key] for key in ("image", "target", "row", "col", "area", "radius", "scr")] == [
            other[key] for key in ("image", "target", "row", "col", "area", "radius", "scr")
        ]
    summary = json.loads(done.out)
    assert (summary["frames"], summary["targets"], summary["dropped"]) == (4, 4, 0)
    assert summary["latency_ms"]["p50"] <= summary["latency_ms"]["p99"]
    assert sum(count for *_, count in summary["latency_histogram_ms"]) == 4


def test_a_video_gives_a_table_and_an_overlay_of_as_many_frames(glimt, model, tmp_path):
    clip = video(tmp_path / "clip.avi")
    done = glimt("predict", model, clip, tmp_path / "out", "--stream", "--overlays")
    assert done.code == 0, done.err
    assert [row["image"] for row in rows_in(tmp_path / "out" / "targets.csv")] == [f"clip/{i:06d}" for i in range(6)]
    from glimt.core.video import count_video, iter_video, video_rate

    overlay = tmp_path / "out" / "overlay.mp4"
    assert (count_video(overlay), video_rate(overlay)) == (6, 10)
    assert next(iter(iter_video(overlay))).shape == (40 * 11, 50 * 11)  # magnified until 512 px are passed
    assert "6 targets in 6 of 6 frames" in done.err
    assert "a frame takes p50" in done.err


def test_masks_of_a_network_that_locates_are_discs_or_grown_by_pamg(glimt, folder, tmp_path):
    """A network that sees a target of 3 px everywhere: discs fill the frame, PAMG finds less in the flat parts."""
    network = Rprnet(width=0.375)
    with torch.no_grad():
        for head, bias in ((network.heatmap, 0), (network.offset, 0.5), (network.radius, 3)):
            head[-1].weight.zero_()
            head[-1].bias.fill_(bias)
    file = tmp_path / "rpr.safetensors"
    card = Card("rprnet", {"width": 0.375}, "locate", threshold=0.0)
    write_checkpoint(file, card, network.state_dict())
    sizes = {}
    for masks in ("disc", "pamg"):
        done = glimt("predict", file, folder, tmp_path / masks, "--stream", "--masks", masks, "--threshold", "0.01")
        assert done.code == 0, done.err
        sizes[masks] = read_mask(tmp_path / masks / "masks" / "0001.png").sum()
    assert 0 < sizes["pamg"] < sizes["disc"]
    disc, pamg = (scored(glimt, file, tmp_path / "dataset", folder, masks) for masks in ("disc", "pamg"))
    assert disc["images"] == pamg["images"] == 4
    assert disc["fa"] > pamg["fa"]
    near = scored(glimt, file, tmp_path / "dataset", folder, "pamg", "--support", "0.5")
    assert near["fa"] < pamg["fa"]
    refused = glimt("predict", file, folder, tmp_path / "x", "--stream", "--masks", "box")
    assert (refused.code, "no masks 'box'; known: disc, pamg" in refused.err) == (2, True), refused.err
    assert glimt("predict", file, folder, tmp_path / "still", "--masks", "disc").code == 0
    other = glimt("predict", file, folder, tmp_path / "still", "--masks", "pamg")
    assert (other.code, "masks" in other.err) == (2, True), other.err  # not what was drawn before, nor a mixture


def test_a_camera_that_is_gone_leaves_what_was_found(glimt, model, tmp_path, monkeypatch):
    import glimt.inference.sources as sources
    from glimt.core.frames import to_image

    def camera(index):
        yield to_image(frame(0))
        raise FrameError(f"camera {index} gave no frame after 1: it was disconnected, or is in use")

    monkeypatch.setattr(sources, "camera_frames", camera)
    done = glimt("predict", model, "0", tmp_path / "out", "--stream")
    assert (done.code, "the source ended: camera 0 gave no frame after 1" in done.err) == (0, True), done.err
    assert [row["image"] for row in rows_in(tmp_path / "out" / "targets.csv")] == ["camera0/000000"]


def test_a_camera_that_is_not_there_is_one_line(glimt, model, tmp_path):
    done = glimt("predict", model, "97", tmp_path / "out", "--stream")
    assert (done.code, "no camera 97" in done.err) == (2, True), done.err


def test_a_video_that_is_cut_short_keeps_the_frames_before(glimt, model, tmp_path):
    clip = video(tmp_path / "clip.mkv", count=20)
    data = clip.read_bytes()
    clip.write_bytes(data[: len(data) // 2])
    done = glimt("predict", model, clip, tmp_path / "out", "--stream")
    rows = rows_in(tmp_path / "out" / "targets.csv")
    assert 0 < len(rows) < 20
    assert [float(row["col"]) for row in rows] == [10 + 2 * i for i in range(len(rows))]
    assert done.code in (0, 2)
    assert done.err.count("error:") == (done.code == 2)


def test_a_file_played_at_a_pace_drops_what_there_is_no_time_for(glimt, model, tmp_path, monkeypatch):
    import time

    import glimt.inference.follow_torch as follow_torch

    real = follow_torch.seer_of

    def slow(*arguments):
        seer = real(*arguments)
        return seer._replace(look=lambda image: (time.sleep(0.1), seer.look(image))[1])

    monkeypatch.setattr(follow_torch, "seer_of", slow)
    clip = video(tmp_path / "clip.avi", count=15)
    done = glimt("predict", model, clip, tmp_path / "out", "--stream", "--fps", "100", "--json")
    assert done.code == 0, done.err
    summary = json.loads(done.out)
    assert summary["dropped"] > 0
    assert summary["frames"] + summary["dropped"] == 15


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        (["--stream", "--tta"], "--tta does not go with --stream"),
        (["--stream", "--fps", "10"], "leave it out"),
        (["--fps", "10"], "--fps goes with --stream"),
        (["--stream", "--masks", "disc"], "masks"),
        (["--support", "3"], "add --masks pamg"),
        (["--stream", "--masks", "disc", "--support", "3"], "add --masks pamg"),
    ],
)
def test_options_that_do_not_go_together_are_one_line(glimt, folder, model, tmp_path, extra, words):
    done = glimt("predict", model, folder, tmp_path / "out", *extra)
    assert (done.code, words in done.err) == (2, True), done.err
    assert not (tmp_path / "out").exists()


def test_frames_of_two_sizes_end_in_one_line_and_the_first_are_kept(glimt, folder, model, tmp_path):
    write_png(folder / "0004.png", np.full((40, 60), 40, np.uint8))
    done = glimt("predict", model, folder, tmp_path / "out", "--stream")
    assert (done.code, "a sequence has frames of one size, got 40 x 50 and 40 x 60" in done.err) == (2, True), done.err
    assert len(rows_in(tmp_path / "out" / "targets.csv")) == 4


def test_a_place_that_is_taken_is_refused_before_anything_is_read(glimt, folder, model, tmp_path):
    write_png(tmp_path / "out" / "mine.png", frame(0))
    done = glimt("predict", model, folder, tmp_path / "out", "--stream")
    assert (done.code, "exists already" in done.err) == (2, True)
    assert cv2.imread(str(tmp_path / "out" / "mine.png")) is not None
