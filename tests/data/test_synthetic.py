"""Synthetic frames: every promise about SCR, spectrum, masks and determinism, held against what the pixels say."""

import ast
import inspect
import json
from dataclasses import replace

import cv2
import numpy as np
import pytest
from scipy.special import erf

from glimt.core.clutter import clutter, contrast, scr
from glimt.core.errors import OptionError, OutputError
from glimt.core.targets import label, targets
from glimt.data.synthetic import SceneOptions, background, draw_scene, light, noise, scene, write_scenes
from glimt.data.synthetic import targets as synthetic_targets
from glimt.data.synthetic.background import BACKGROUNDS, power_law_field
from glimt.data.synthetic.targets import EDGE, draw_profile

KINDS = tuple(BACKGROUNDS)


def rng(*seed):
    return np.random.default_rng(list(seed))


def scenes(count, **options):
    return [draw_scene(SceneOptions(**options), rng(5, i)) for i in range(count)]


@pytest.mark.parametrize("kind", KINDS)
def test_scr_measured_on_the_frame_is_the_scr_that_was_asked(kind):
    # Oracle: core.clutter, which knows nothing of the generator, on the finished frame and its mask.
    for drawn in scenes(6, background=kind, targets=(1, 4), scr=(3, 9)):
        measured = clutter(drawn.image, drawn.instances, len(drawn.points))
        np.testing.assert_allclose(scr(measured), np.abs(drawn.scr), rtol=0.01)
        assert (np.abs(drawn.scr) <= 9).all()


def test_scr_asked_is_the_scr_given_unless_the_rim_of_the_target_forbids_it():
    asked = [abs(value) for drawn in scenes(20, scr=(4, 4)) for value in drawn.scr]
    assert len(asked) > 20
    np.testing.assert_allclose(asked, 4)


def test_dark_targets_are_darker_and_bright_ones_brighter_than_around_them():
    for share, sign in ((1.0, -1), (0.0, 1)):
        for drawn in scenes(5, dark=share):
            assert (np.sign(contrast(clutter(drawn.image, drawn.instances, len(drawn.points)))) == sign).all()
            assert (np.sign(drawn.scr) == sign).all()


@pytest.mark.parametrize("beta", [1.5, 2.0, 3.0])
def test_power_of_a_field_falls_as_one_over_f_to_the_beta(beta):
    # Oracle: least squares on the periodogram, log power against log frequency.
    field = power_law_field((256, 256), beta, rng(1))
    power = np.abs(np.fft.fft2(field)) ** 2
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(256), np.fft.fftfreq(256)))
    band = (frequency > 4 / 256) & (frequency < 0.4)
    slope = np.polyfit(np.log(frequency[band]), np.log(power[band]), 1)[0]
    assert slope == pytest.approx(-beta, abs=0.05)
    assert field.std() == pytest.approx(1, abs=1e-4)


def test_a_stretched_field_changes_slower_along_the_rows():
    field = power_law_field((256, 256), 2.5, rng(2), stretch=3.0)
    assert np.diff(field, axis=1).std() < 0.6 * np.diff(field, axis=0).std()


def test_a_point_target_is_a_gaussian_integrated_over_pixels():
    # Oracle: a Gaussian integrated over each pixel, in closed form; a dot of half-axis 0.3 px adds 0.3^2 / 4 to its
    # variance.
    profile = draw_profile((20.3, 31.8), 0.0, 1.0, rng(0))
    rows, cols = np.indices(profile.light.shape)
    spread = np.sqrt((1 + 0.3**2 / 4) * 2)
    down = [erf((rows + profile.top - 20.3 + side) / spread) for side in (0.5, -0.5)]
    along = [erf((cols + profile.left - 31.8 + side) / spread) for side in (0.5, -0.5)]
    exact = (down[0] - down[1]) * (along[0] - along[1])
    np.testing.assert_allclose(profile.light, exact / exact.max(), atol=0.01)


def test_a_mask_is_where_the_target_alone_reaches_a_third_of_its_peak():
    # Oracle: the difference of two frames that differ in nothing but one target.
    options = SceneOptions(background="clouds", targets=(1, 1), scr=(0.5, 0.5), noise=0, columns=0, dead=0, dark=0)
    for i in range(8):
        faint = draw_scene(options, rng(3, i))
        bright = draw_scene(replace(options, scr=(0.8, 0.8)), rng(3, i))
        if not np.array_equal(faint.points, bright.points):
            continue
        alone = bright.image - faint.image
        alone /= alone.max()
        sure = np.abs(alone - EDGE) > 0.01  # float32 images leave doubt only on the very edge
        assert (faint.mask == (alone >= EDGE))[sure].all()
        assert faint.mask.sum() >= 4


def test_every_target_is_one_blob_that_holds_its_point():
    for drawn in scenes(40, size=(128, 160), targets=(0, 5), extent=(0, 5), apart=20):
        assert label(drawn.mask)[1] == len(drawn.points) == drawn.instances.max()
        rows, cols = drawn.points.round().astype(int).T
        assert (drawn.instances[rows, cols] == np.arange(1, len(drawn.points) + 1)).all()


def test_points_are_the_light_centres_of_their_targets():
    for drawn in scenes(10, extent=(0, 1), psf=(0.9, 0.9)):
        found = targets(drawn.mask)
        nearest = np.linalg.norm(found.centroids[:, None] - drawn.points[None], axis=2).min(axis=1)
        assert (nearest < 0.5).all()


def test_targets_keep_their_distance():
    for drawn in scenes(5, targets=(6, 6), apart=40.0):
        gaps = np.linalg.norm(drawn.points[:, None] - drawn.points[None], axis=2)
        assert (gaps[np.triu_indices(len(drawn.points), 1)] >= 40).all()


def test_a_frame_without_room_holds_fewer_targets():
    drawn = draw_scene(SceneOptions(size=(64, 64), targets=(30, 30), apart=30), rng(1))
    assert 1 <= len(drawn.points) < 30


@pytest.mark.parametrize("kind", KINDS)
def test_every_frame_is_finite_float32_in_zero_to_one_and_has_texture(kind):
    for drawn in scenes(8, background=kind, scr=(2, 40)):
        assert drawn.image.dtype == np.float32
        assert np.isfinite(drawn.image).all()
        assert drawn.image.min() >= 0
        assert drawn.image.max() <= 1
        assert drawn.image.std() > 0.005


def test_mixed_frames_come_from_every_background():
    assert {drawn.background for drawn in scenes(40, size=(64, 64))} == set(KINDS)


def test_photon_noise_grows_with_the_square_root_of_the_light():
    dark, bright = (noise.photon_noise(np.full((400, 400), level), 0.01, rng(1)).std() for level in (0.1, 0.7))
    assert bright / dark == pytest.approx(2, rel=0.02)  # sqrt((0.7 + 0.1) / (0.1 + 0.1))


def test_column_noise_is_the_same_down_a_column():
    pattern = noise.column_pattern(np.zeros((300, 300)), 0.01, rng(1))
    assert pattern.mean(axis=0).std() == pytest.approx(0.01, rel=0.15)
    assert pattern.mean(axis=1).std() == pytest.approx(0.003, rel=0.15)


def test_dead_pixels_are_stuck_and_spare_the_targets():
    frame = rng(1).random((200, 200))
    spared = np.zeros(frame.shape, dtype=bool)
    spared[:100] = True
    stuck = noise.dead_pixels(frame, 0.01, spared, rng(2)) != frame.astype(np.float32)
    assert not stuck[:100].any()
    assert stuck[100:].sum() == pytest.approx(200, rel=0.3)


def test_frame_i_is_the_same_in_a_longer_run(tmp_path):
    options = SceneOptions(size=(64, 64))
    write_scenes(tmp_path / "a" / "d", 2, options, seed=9)
    write_scenes(tmp_path / "b" / "d", 5, options, seed=9)
    for kind in ("images", "masks"):
        for path in sorted((tmp_path / "a/d" / kind).iterdir()):
            assert path.read_bytes() == (tmp_path / "b/d" / kind / path.name).read_bytes()
    write_scenes(tmp_path / "c" / "d", 2, options, seed=10)
    first = "images/scene_000000.png"
    assert (tmp_path / "a/d" / first).read_bytes() != (tmp_path / "c/d" / first).read_bytes()


def test_files_hold_the_scene(tmp_path):
    options = SceneOptions(size=(96, 96), targets=(2, 3))
    out = tmp_path / "mine"
    written = write_scenes(out, 6, options, seed=1)
    drawn = draw_scene(options, rng(1, 4))
    image = cv2.imread(str(out / "images/scene_000004.png"), cv2.IMREAD_UNCHANGED)
    mask = cv2.imread(str(out / "masks/scene_000004.png"), cv2.IMREAD_UNCHANGED)
    assert image.dtype == np.uint16
    np.testing.assert_allclose(image / 65535, drawn.image, atol=1e-5)
    assert np.array_equal(mask, drawn.mask * np.uint8(255))
    train, test = ((out / f"img_idx/{split}_mine.txt").read_text().split() for split in ("train", "test"))
    assert test == ["scene_000002", "scene_000005"]
    assert sorted(train + test) == [scene["image"] for scene in written]
    rows = [line.split(",") for line in (out / "points.csv").read_text().splitlines()]
    assert rows[0] == ["image", "row", "col"]
    mine = np.array([row[1:] for row in rows if row[0] == "scene_000004"], dtype=float)
    np.testing.assert_allclose(mine, drawn.points, atol=5e-4)
    assert json.loads((out / "scenes.json").read_text())["scenes"] == written
    assert [t["area"] for t in written[4]["targets"]] == np.bincount(drawn.instances.ravel())[1:].tolist()


def test_a_stopped_run_is_finished_by_the_same_call(tmp_path):
    options, out = SceneOptions(size=(64, 64)), tmp_path / "d"

    def stop_after_two(numbers):
        yield from list(numbers)[:2]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_scenes(out, 4, options, track=stop_after_two)
    assert sorted(path.name for path in (out / "images").iterdir()) == ["scene_000000.png", "scene_000001.png"]
    write_scenes(out, 4, options)
    write_scenes(tmp_path / "whole" / "d", 4, options)
    left, right = (
        {path.relative_to(top): path.read_bytes() for path in top.rglob("*") if path.is_file()}
        for top in (out, tmp_path / "whole/d")
    )
    assert left == right


def test_other_parameters_need_overwrite_which_leaves_nothing_behind(tmp_path):
    options, out = SceneOptions(size=(64, 64)), tmp_path / "d"
    write_scenes(out, 4, options)
    with pytest.raises(OutputError, match="--overwrite"):
        write_scenes(out, 4, replace(options, dark=1.0))
    with pytest.raises(OutputError, match="--overwrite"):
        write_scenes(out, 2, options)
    write_scenes(out, 2, options, overwrite=True)
    assert len(list((out / "images").iterdir())) == len(list((out / "masks").iterdir())) == 2


def test_overwrite_touches_no_foreign_file(tmp_path):
    out = tmp_path / "d"
    (out / "images").mkdir(parents=True)
    (out / "images" / "holiday.png").write_bytes(b"mine")
    with pytest.raises(OutputError, match="--overwrite"):
        write_scenes(out, 1, SceneOptions(size=(64, 64)))
    write_scenes(out, 1, SceneOptions(size=(64, 64)), overwrite=True)
    assert (out / "images" / "holiday.png").read_bytes() == b"mine"


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"background": "cloud"}, "did you mean 'clouds'"),
        ({"targets": (4, 1)}, "low-high"),
        ({"scr": (-1.0, 4.0)}, "low-high"),
        ({"dark": 1.5}, "from 0 to 1"),
        ({"size": (32, 256)}, "too small"),
        ({"extent": (1.0, 60.0)}, "too small"),
        ({"psf": (0.1, 1.0)}, "psf"),
        ({"noise": float("nan")}, "noise"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(options, text):
    with pytest.raises(OptionError, match=text):
        SceneOptions(**options)


def test_no_code_walks_over_pixels():
    # A pixel loop in Python shows as `for` nested in `for`, or a range over a shape.
    for module in (background, light, noise, scene, synthetic_targets):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.For):
                loop = ast.unparse(node.iter)
                assert "shape" not in loop
                assert "size" not in loop or "rng" in loop
