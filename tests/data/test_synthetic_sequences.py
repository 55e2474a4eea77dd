"""Synthetic sequences: where each target is, what it shows and what lies still, held against what the pixels say."""

import json
from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np
import pytest

from glimt.core.clutter import clutter, scr
from glimt.core.errors import DataError, OutputError
from glimt.core.frames import read_frame, read_mask
from glimt.data.layouts.clips import LAYOUT
from glimt.data.synthetic import SequenceOptions, draw_sequence, write_sequences
from glimt.data.synthetic.backdrop import draw_backdrop
from glimt.data.synthetic.background import BACKGROUNDS
from glimt.data.synthetic.camera import Room, draw_camera
from glimt.data.synthetic.footage import find_clips, read_clip
from glimt.data.synthetic.targets import EDGE
from glimt.data.synthetic.view import look

QUIET = {"noise": 0, "columns": 0, "dead": 0, "blinking": 0, "specks": 0}
STILL = {"jitter": 0, "pan": (0, 0), "jumps": (0, 0)}
NOBODY = {"targets": (0, 0)}


def options(**changes):
    return SequenceOptions(**{"size": (80, 96), "frames": 10, "background": "terrain", **changes})


def drawn(number=0, seed=5, **changes):
    return draw_sequence(options(**changes), seed, number)


def without_targets(sequence):
    return replace(sequence, movers=(), usual=np.zeros(0))


def light_of(sequence, other, t):
    return sequence.draw(t).scene.image.astype(float) - other.draw(t).scene.image


def whole(sequence, t):
    """Whether the one target's light lies fully within the frame."""
    row, col = sequence.movers[0].seen[t]
    return 8 < row < 71 and 8 < col < 87


def test_the_light_of_a_target_lies_around_its_stated_centre():
    # Oracle: the centre of mass of the difference of two frames that differ in nothing but the target.
    seen = 0
    for number in range(8):
        sequence = drawn(number, targets=(1, 1), scr=(4, 8), blinking=0, dead=0, speed=(0.3, 2))
        for t in range(0, len(sequence), 3):
            if not whole(sequence, t):
                continue
            light = np.abs(light_of(sequence, without_targets(sequence), t))
            light[light < 1e-5] = 0  # what float32 leaves of two large numbers
            rows, cols = np.indices(light.shape)
            centre = np.array([(rows * light).sum(), (cols * light).sum()]) / light.sum()
            np.testing.assert_allclose(centre, sequence.draw(t).scene.points[0], atol=0.05)
            seen += 1
    assert seen >= 10


def test_a_mask_is_where_the_target_alone_reaches_a_third_of_its_peak():
    # Oracle: the same difference; specks, defects and noise are in both frames, and so in no mask.
    seen = 0
    for number in range(6):
        sequence = drawn(number, targets=(1, 1), scr=(5, 8), specks=20, blinking=6, dead=0)
        for t in filter(lambda t: whole(sequence, t), range(0, len(sequence), 3)):
            sequence = replace(sequence, defects=replace(sequence.defects, blinkers=()))
            alone = np.abs(light_of(sequence, without_targets(sequence), t))
            alone /= alone.max()
            sure = np.abs(alone - EDGE) > 0.01  # float32 images leave doubt only on the very edge
            scene = sequence.draw(t).scene
            assert (scene.mask == (alone >= EDGE))[sure].all()
            assert np.array_equal(scene.mask, scene.instances > 0)
            seen += 1
    assert seen >= 6


def test_specks_and_blinking_pixels_are_never_targets():
    sequence = drawn(specks=30, blinking=30, **NOBODY)
    for frame in sequence:
        assert not frame.scene.mask.any()
        assert not len(frame.scene.points)


def test_a_target_moves_by_its_velocity_less_the_move_of_the_camera():
    sequence = drawn(2, targets=(3, 3), frames=40, jumps=(2, 2), size=(128, 128))
    assert sequence.movers
    for mover in sequence.movers:
        moved, camera = np.diff(mover.seen, axis=0), np.diff(sequence.stage.camera, axis=0)
        np.testing.assert_allclose(moved, mover.velocity[:-1] - camera, atol=1e-9)
        speed = np.linalg.norm(mover.velocity, axis=1)
        assert (speed >= 0.3).all()
        assert (speed <= 3).all()
        assert np.ptp(speed) < 1e-9
        turns = np.diff(np.unwrap(np.arctan2(*mover.velocity.T)))
        assert (np.abs(turns) <= 0.03 + 1e-9).all()


@pytest.mark.parametrize("kind", ["urban", "terrain"])
def test_without_shake_pan_and_jumps_nothing_moves_but_the_noise(kind):
    quiet = drawn(background=kind, **QUIET, **STILL, **NOBODY)
    assert len({frame.scene.image.tobytes() for frame in quiet}) == 1
    noisy = drawn(background=kind, noise=0.01, **STILL, **NOBODY, specks=0, blinking=0, dead=0)
    images = np.stack([frame.scene.image for frame in noisy])
    clean = noisy.stage.clean(0)
    expected = 0.01 * np.sqrt(np.clip(clean, 0, 1) + 0.1)  # the law of noise.photon_noise
    assert (images.std(axis=0, ddof=1) / expected).mean() == pytest.approx(0.973, abs=0.01)  # c4 of ten values


def test_the_background_shifts_as_the_camera_does():
    # Oracle: OpenCV's registration by enhanced correlation, which knows nothing of the camera.
    off = []
    for number in range(3):
        sequence = drawn(number, size=(128, 128), jitter=0.6, pan=(0.5, 0.8), jumps=(0, 0), **QUIET, **NOBODY)
        images = [frame.scene.image for frame in sequence]
        for t, (before, after) in enumerate(pairwise(images)):
            _, warp = cv2.findTransformECC(before, after, np.eye(2, 3, dtype=np.float32), cv2.MOTION_TRANSLATION)
            off.append(warp[::-1, 2] - (sequence.stage.camera[t] - sequence.stage.camera[t + 1]))
    assert np.abs(off).mean() < 0.05
    assert np.abs(off).max() < 0.2


def test_a_window_at_a_sub_pixel_place_shows_what_lies_there():
    # Oracle: a smooth function, known between its pixels.
    def wave(rows, cols):
        return np.sin(rows / 4 + 1) * np.cos(cols / 5)

    rows, cols = np.indices((60, 70)).astype(np.float32)
    seen = look(wave(rows, cols), (11.3, 17.85), (20, 24))
    np.testing.assert_allclose(seen, wave(rows[:20, :24] + 11.3, cols[:20, :24] + 17.85), atol=0.01)
    np.testing.assert_array_equal(look(rows, (11.0, 17.0), (20, 24)), rows[11:31, 17:41])
    np.testing.assert_array_equal(look(cols, (-5.0, 66.0), (8, 8), repeat=True)[0], [66, 67, 68, 69, 0, 1, 2, 3])
    np.testing.assert_array_equal(look(cols, (0.0, 66.0), (8, 8))[0], [66, 67, 68, 69, 68, 67, 66, 65])


def test_a_jump_goes_as_far_as_was_asked_and_stays_within_the_room():
    asked = SequenceOptions(frames=50, jumps=(3, 3), jump=(8, 30), jitter=0, pan=(0, 0.5))
    for number in range(5):
        camera = draw_camera(asked, Room((10.0, 20.0), (30.0, 30.0), 0.0), np.random.default_rng(number))
        steps = np.linalg.norm(np.diff(camera, axis=0), axis=1)
        assert (steps > 6).sum() == 3
        assert (steps[steps <= 6] <= 0.5 + 1e-9).all()
        assert (steps <= 30.5).all()
        assert (camera >= 0).all()
        assert (camera <= [70, 80]).all()


def test_specks_lie_on_the_ground():
    sequence = drawn(specks=15, jumps=(1, 1), **NOBODY)
    bare = replace(sequence, stage=replace(sequence.stage, specks=np.zeros_like(sequence.stage.specks)))
    for t in (0, 9):
        row, col = sequence.stage.camera[t].tolist()
        expected = look(sequence.stage.specks, (row, col), (80, 96))
        found = sequence.stage.clean(t) - bare.stage.clean(t)
        np.testing.assert_allclose(found, expected, atol=1e-5)
        assert np.abs(found).max() > 0.01


def test_blinking_pixels_flash_in_some_frames_and_stay_in_their_places():
    sequence = drawn(frames=40, blinking=12, dead=0, jitter=1, **NOBODY)
    healthy = replace(sequence, defects=replace(sequence.defects, blinkers=()))
    flashes = np.stack([np.abs(light_of(sequence, healthy, t)) for t in range(40)]) > 1e-6
    windows = [blinker.profile.window for blinker in sequence.defects.blinkers]
    outside = flashes.any(axis=0)
    for window in windows:
        outside[window] = False
    assert not outside.any()
    shares = [flashes[(slice(None), *window)].any(axis=(1, 2)).mean() for window in windows]
    assert 0.05 < np.mean(shares) < 0.35
    assert max(shares) < 0.7


def test_dead_pixels_and_columns_are_the_same_in_every_frame():
    sequence = drawn(dead=0.02, noise=0.01, columns=0.01, jitter=1, blinking=0)
    stuck = sequence.defects.stuck
    images = np.stack([frame.scene.image for frame in sequence])
    assert stuck.mean() == pytest.approx(0.02, rel=0.5)
    assert np.ptp(images[:, stuck], axis=0).max() == 0
    assert np.ptp(images[:, ~stuck], axis=0).min() > 0
    assert sequence.stage.columns.std() > 0.005


@pytest.mark.parametrize("kind", ["clouds", "sea", "terrain"])
def test_scr_measured_on_the_frame_is_the_scr_that_was_asked(kind):
    # Oracle: core.clutter on the finished frame. A target's light stays within half and twice its usual, so where
    # it crosses an edge its SCR gives way; on these backgrounds that is rare.
    off = []
    for number in range(4):
        sequence = drawn(number, background=kind, scr=(3, 6), size=(128, 128), frames=10, dead=0)
        for t, frame in enumerate(sequence):
            scene = frame.scene
            measured = scr(clutter(scene.image, scene.instances, len(scene.points)))
            np.testing.assert_allclose(np.abs(scene.scr), measured, rtol=1e-6)
            asked = [abs(sequence.movers[i].scr[t]) for i in frame.movers]
            assert all(3 <= one <= 6 for one in asked)
            off += (measured / asked - 1).tolist()
    assert len(off) > 20
    assert (np.abs(off) < 0.01).mean() > 0.85


def test_dark_targets_are_darker_than_what_is_around_them():
    for frame in drawn(1, dark=1.0, targets=(2, 2), background="clouds", scr=(4, 8)):
        assert (frame.scene.scr < 0).all()


def test_a_target_that_has_left_the_frame_leaves_no_mask():
    left = 0
    for number in range(3):
        sequence = drawn(number, targets=(1, 1), speed=(3, 3), frames=40)
        for t, frame in enumerate(sequence):
            inside = ((sequence.movers[0].seen[t] >= 0) & (sequence.movers[0].seen[t] <= [79, 95])).all()
            assert frame.scene.mask.any() == inside == len(frame.scene.points)
            left += not inside
    assert left > 20


def test_targets_keep_their_distance_in_every_frame():
    for number in range(6):
        movers = drawn(number, targets=(4, 4), apart=20.0, size=(128, 128)).movers
        for i, one in enumerate(movers):
            for other in movers[:i]:
                assert (np.linalg.norm(one.seen - other.seen, axis=1) >= 20).all()


def test_a_sequence_depends_on_seed_and_number_alone_and_a_frame_on_no_other():
    for kind in BACKGROUNDS:
        first = [frame.scene.image for frame in drawn(1, background=kind, frames=3)]
        again = drawn(1, background=kind, frames=3)
        assert np.array_equal(again.draw(2).scene.image, first[2])
        assert np.array_equal(again.draw(0).scene.image, first[0])
        assert not np.array_equal(drawn(1, seed=6, background=kind, frames=3).draw(0).scene.image, first[0])
        assert not np.array_equal(drawn(2, background=kind, frames=3).draw(0).scene.image, first[0])


@pytest.mark.parametrize("kind", ["clouds", "sea"])
def test_clouds_and_waves_move_a_little_from_frame_to_frame(kind):
    backdrop = draw_backdrop(kind, (96, 96), np.random.default_rng(2))
    worlds = [backdrop(t) for t in range(20)]
    step = np.mean([np.abs(after - before).mean() for before, after in pairwise(worlds)])
    assert 0 < step < 0.5 * np.abs(worlds[19] - worlds[0]).mean()
    assert all(np.isfinite(world).all() and world.min() >= 0 and world.max() <= 1 for world in worlds)


def test_clouds_drift_as_one():
    # Oracle: a layer of wrapped clouds that has drifted by whole pixels is the layer rolled.
    backdrop = draw_backdrop("clouds", (64, 80), np.random.default_rng(3))
    one = replace(backdrop, layers=backdrop.layers[:1], drift=((1.0, -2.0),), exposure=lambda frame: frame)
    np.testing.assert_allclose(one(3) - one.air, np.roll(one.layers[0], (3, -6), axis=(0, 1)), atol=1e-5)


def frames_in(folder, count, shape=(80, 100), level=0):
    folder.mkdir(parents=True)
    rng = np.random.default_rng(level)
    for i in range(count):
        picture = cv2.GaussianBlur(rng.random(shape), (0, 0), 2) + 0.01 * i
        cv2.imwrite(str(folder / f"f{i}.png"), np.clip(picture * 40000, 0, 65535).astype(np.uint16))
    return folder


def test_real_frames_are_shown_in_turn_and_back_again(tmp_path):
    folder = frames_in(tmp_path / "clip", 4)
    (clip,) = find_clips(folder)
    film = read_clip(clip, 9, (64, 64), np.random.default_rng(0))
    frames = [read_frame(folder / f"f{i}.png") for i in range(4)]
    shown = [next(i for i in range(4) if np.array_equal(film(t), frames[i])) for t in range(9)]
    assert shown == [0, 1, 2, 3, 2, 1, 0, 1, 2]


def test_a_still_larger_than_the_frame_is_panned_over(tmp_path):
    folder = frames_in(tmp_path / "clip", 1, (120, 160))
    asked = {"footage": str(folder), "size": (64, 64), "jitter": 0, "pan": (1, 1), "jumps": (0, 0)}
    sequence = drawn(**asked, **QUIET, **NOBODY)
    picture = read_frame(folder / "f0.png")
    for t in (0, 5, 9):
        row, col = sequence.stage.camera[t].tolist()
        assert np.array_equal(sequence.stage.clean(t), look(0.1 + 0.75 * picture, (row, col), (64, 64)))
        assert 0 <= row <= 56
        assert 0 <= col <= 96
    assert np.linalg.norm(np.diff(sequence.stage.camera, axis=0), axis=1).max() <= 1 + 1e-9


def test_a_still_of_the_very_size_only_shakes(tmp_path):
    sequence = drawn(footage=str(frames_in(tmp_path / "clip", 1, (80, 96))), jumps=(2, 2))
    assert np.abs(sequence.stage.camera).max() <= 3 * 0.3
    assert np.isfinite(sequence.draw(3).scene.image).all()


def test_clips_of_a_folder_take_turns(tmp_path):
    frames_in(tmp_path / "all" / "b", 3, level=1)
    frames_in(tmp_path / "all" / "a", 2, level=2)
    assert [len(clip) for clip in find_clips(tmp_path / "all")] == [2, 3]
    assert [len(clip) for clip in find_clips(tmp_path / "all", stills=True)] == [1] * 5
    asked = {"footage": str(tmp_path / "all"), "size": (64, 64), **QUIET, **STILL, **NOBODY}
    means = [drawn(number, frames=2, **asked).stage.backdrop(0).mean() for number in range(4)]
    assert means[0] != pytest.approx(means[1], abs=1e-6)
    assert drawn(0, frames=2, **asked).stage.kind == "footage"


@pytest.mark.parametrize(
    ("shapes", "text"),
    [([(80, 90), (80, 91)], "differ in size"), ([(60, 90)], "smaller than the 64x64"), ([], "no frame")],
)
def test_real_frames_that_do_not_fit_are_refused_in_words(tmp_path, shapes, text):
    (tmp_path / "clip").mkdir()
    for i, shape in enumerate(shapes):
        cv2.imwrite(str(tmp_path / "clip" / f"{i}.png"), np.full(shape, 9, np.uint8))
    with pytest.raises(DataError, match=text):
        drawn(footage=str(tmp_path / "clip"), size=(64, 64))


def test_footage_that_is_not_there_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(DataError, match="no such file or folder"):
        write_sequences(tmp_path / "d", 1, options(footage=str(tmp_path / "none.mp4")))
    assert not (tmp_path / "d").exists()


@pytest.mark.real
def test_targets_are_put_on_a_real_sequence(shared_data):
    clip = shared_data / "sequences" / "classic" / "easy1" / "images"
    sequence = drawn(footage=str(clip), size=(96, 96), frames=6, targets=(1, 1))
    assert sequence.stage.kind == "footage"
    assert sum(len(frame.scene.points) for frame in sequence) > 0


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"background": "cloud"}, "did you mean 'clouds'"),
        ({"frames": 0}, "give 1 to 10000"),
        ({"speed": (3.0, 1.0)}, "low-high"),
        ({"pan": (0.0, float("nan"))}, "low-high"),
        ({"jumps": (-1, 2)}, "low-high"),
        ({"jitter": -1.0}, "0 or more"),
        ({"specks": -2}, "0 or more"),
        ({"scr": (5.0, 2.0)}, "low-high"),
        ({"size": (16, 16)}, "too small"),
        ({"stills": True}, "no footage"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(changes, text):
    with pytest.raises(ValueError, match=text):
        SequenceOptions(**changes)


SMALL = options(size=(64, 64), frames=4, extent=(0.3, 1.5), targets=(1, 2), jumps=(0, 1))


def files_below(top):
    return {path.relative_to(top): path.read_bytes() for path in top.rglob("*") if path.is_file()}


def test_files_hold_the_sequences(tmp_path):
    out = tmp_path / "mine"
    written = write_sequences(out, 3, SMALL, seed=1)
    frames = list(draw_sequence(SMALL, 1, 1))
    for t, frame in enumerate(frames):
        place = out / "sequence_0001"
        np.testing.assert_allclose(read_frame(place / f"images/{t:04d}.png"), frame.scene.image, atol=1e-5)
        assert np.array_equal(read_mask(place / f"masks/{t:04d}.png"), frame.scene.mask)
    assert (out / "img_idx/train_mine.txt").read_text().split() == ["sequence_0000", "sequence_0001"]
    assert (out / "img_idx/test_mine.txt").read_text().split() == ["sequence_0002"]
    header, *rows = [line.split(",") for line in (out / "sequence_0001/points.csv").read_text().splitlines()]
    assert header == ["frame", "x", "y"]
    expected = [[t, col, row] for t, frame in enumerate(frames) for row, col in frame.scene.points]
    bare = [int(row[0]) for row in rows if row[1:] == ["", ""]]
    assert bare == [t for t, frame in enumerate(frames) if not len(frame.scene.points)]
    rows = [row for row in rows if row[1]]
    np.testing.assert_allclose(np.array(rows, dtype=float).reshape(-1, 3), np.reshape(expected, (-1, 3)), atol=5e-4)
    truth = json.loads((out / "sequences.json").read_text())
    assert truth["sequences"] == written
    assert truth["options"]["size"] == [64, 64]
    told = [one["area"] for frame in written[1]["frames"] for one in frame["targets"]]
    assert told == [area for frame in frames for area in np.bincount(frame.scene.instances.ravel())[1:].tolist()]
    before, after = written[1]["frames"][:2]
    for one in after["targets"]:
        (same,) = [other for other in before["targets"] if other["target"] == one["target"]] or [None]
        if same:
            shift = np.subtract(after["camera"], before["camera"])
            moved = np.subtract([one["row"], one["col"]], [same["row"], same["col"]])
            np.testing.assert_allclose(moved, same["velocity"] - shift, atol=1e-9)


def test_the_layout_of_clips_reads_them_back(tmp_path):
    out = tmp_path / "mine"
    written = write_sequences(out, 3, SMALL, seed=1)
    assert LAYOUT.matches(out)
    records = LAYOUT.frames(out)
    assert [record.id for record in records[:2]] == ["sequence_0000/0000", "sequence_0000/0001"]
    told = [[(one["row"], one["col"]) for one in frame["targets"]] for one in written for frame in one["frames"]]
    for record, points in zip(records, told, strict=True):
        np.testing.assert_allclose(np.reshape(record.points, (-1, 2)), np.reshape(points, (-1, 2)), atol=5e-4)
        assert record.mask is not None
    assert len(LAYOUT.splits(out)["test_mine"].names) == 4


def test_a_stopped_run_is_finished_by_the_same_call_and_a_longer_one_begins_alike(tmp_path):
    out = tmp_path / "d"

    def stop_after_one(numbers):
        yield from list(numbers)[:1]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_sequences(out, 2, SMALL, track=stop_after_one)
    assert not (out / "sequence_0001").exists()
    write_sequences(out, 2, SMALL)
    write_sequences(tmp_path / "whole" / "d", 2, SMALL)
    assert files_below(out) == files_below(tmp_path / "whole" / "d")
    first = files_below(out / "sequence_0001")
    write_sequences(out, 3, SMALL)
    assert files_below(out / "sequence_0001") == first
    assert (out / "sequence_0002").is_dir()


def test_other_options_need_overwrite_which_leaves_nothing_behind(tmp_path):
    out = tmp_path / "d"
    write_sequences(out, 3, SMALL)
    (out / "sequence_0001" / "notes.txt").write_text("mine")
    for n, changed in ((3, replace(SMALL, dark=1.0)), (2, SMALL)):
        with pytest.raises(OutputError, match="--overwrite"):
            write_sequences(out, n, changed)
    write_sequences(out, 1, replace(SMALL, frames=3), overwrite=True)
    assert [path.name for path in sorted((out / "sequence_0000/images").iterdir())] == [
        "0000.png",
        "0001.png",
        "0002.png",
    ]
    assert [path.name for path in (out / "sequence_0001").iterdir()] == ["notes.txt"]
    assert not (out / "sequence_0002").exists()


def test_a_strange_folder_is_refused(tmp_path):
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "holiday.png").write_bytes(b"mine")
    with pytest.raises(OutputError, match="--overwrite"):
        write_sequences(tmp_path / "d", 1, SMALL)
    (tmp_path / "d" / "sequences.json").write_text("[]")
    with pytest.raises(DataError, match="not what `glimt synth` writes"):
        write_sequences(tmp_path / "d", 1, SMALL)
