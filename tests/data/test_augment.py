"""Every preset keeps its promises; every step is held against a slow reference, a count of all crops, or hand work."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from scipy.ndimage import center_of_mass, gaussian_filter

from glimt.core.catalog import build
from glimt.core.errors import OptionError, UnknownNameError
from glimt.core.targets import targets
from glimt.core.types import Sample
from glimt.data.augment import AUGMENTATIONS
from glimt.data.augment.crop import Crop
from glimt.data.augment.flip import Flip, Rotate90, Transpose
from glimt.data.augment.light import Blur, Light
from glimt.data.augment.scale import RandomScale, Resize, ResizeLong, nearest, smooth, soft
from glimt.data.augment.step import Pipeline
from glimt.data.dataset import open_dataset
from glimt.data.points import points_from_mask
from glimt.data.samples import read
from glimt.data.synthetic import SceneOptions, draw_scene

NAMES = sorted(AUGMENTATIONS)
SIZED = [name for name in NAMES if name != "none"]
SHAPES = [(64, 64), (40, 90), (90, 33), (120, 130)]


def rng(*seed):
    return np.random.default_rng(list(seed))


def preset(name, **options):
    return build(AUGMENTATIONS, name, options, "augmentation")


def frozen(*arrays):
    for array in arrays:
        array.flags.writeable = False
    return arrays


def sample_of(image, label=None, points=()):
    """A sample whose arrays refuse to be written to."""
    image = np.asarray(image, np.float32)
    points = np.array(points, dtype=float).reshape(-1, 2)
    frozen(image, points)
    return Sample("one", image, points, None if label is None else frozen(np.asarray(label, np.float32))[0])


def dots(shape, *pixels):
    """A dark frame with one bright pixel a target; the label is the frame."""
    image = np.zeros(shape, np.float32)
    for row, col in pixels:
        image[row, col] = 1
    return sample_of(image, image.copy(), pixels)


def coded(shape):
    """A frame in which every pixel has a value of its own: its number in raster order, from one."""
    codes = np.arange(1, shape[0] * shape[1] + 1, dtype=np.float32).reshape(shape) / 2**15
    points = rng(7, *shape).integers(0, shape, size=(5, 2))
    return sample_of(codes, (np.arange(codes.size) % 5 == 0).reshape(shape), points)


def greys(shape=(150, 170)):
    """Blocks of 15x15 pixels, each of a grey value of its own, with a point in the middle of each."""
    image = np.full(shape, 0.05, np.float32)
    places = [(row, col) for row in range(2, shape[0] - 15, 33) for col in range(1, shape[1] - 15, 34)]
    for i, (row, col) in enumerate(places):
        image[row : row + 15, col : col + 15] = 0.2 + 0.03 * i
    return sample_of(image, image > 0.1, [(row + 7, col + 7) for row, col in places])


def at_points(image, points):
    rows, cols = np.rint(points).astype(int).T
    return image[rows, cols]


@pytest.mark.parametrize("name", NAMES)
class TestEveryPreset:
    def test_frames_of_all_sizes_come_out_as_asked_in_float32_and_in_range(self, name):
        options = {} if name == "none" else {"size": 64}
        for shape in SHAPES:
            for seed in range(6):
                image = rng(seed).random(shape, dtype=np.float32)
                got = preset(name, mean=0.3, **options)(sample_of(image, image > 0.99, [(3, 4)]), rng(seed))
                assert got.image.shape == got.label.shape == ((64, 64) if options else shape)
                assert got.image.dtype == got.label.dtype == np.float32
                assert got.points.dtype == np.float64
                assert 0 <= min(got.image.min(), got.label.min()) <= max(got.image.max(), got.label.max()) <= 1
                assert got.image.flags.c_contiguous
                assert got.label.flags.c_contiguous

    def test_a_sample_without_label_stays_without(self, name):
        got = preset(name)(sample_of(rng(1).random((70, 80)), None, [(30, 30)]), rng(1))
        assert got.label is None
        assert got.id == "one"

    def test_the_same_seed_gives_the_same_sample_and_another_seed_another(self, name):
        made = preset(name)
        first, again, *others = (made(greys(), rng(seed)) for seed in (3, 3, *range(4, 12)))
        for kind in ("image", "label", "points"):
            np.testing.assert_array_equal(getattr(first, kind), getattr(again, kind))
        same = [np.array_equal(first.image, other.image) for other in others]
        assert all(same) if name == "none" else not all(same)

    def test_points_stay_on_their_targets(self, name):
        # Oracle: without changes of light a target keeps its grey value, which no other target has; so the value
        # under each point says whose it is. Fifty seeds, so that crops at every border occur.
        options = {"light": 0.0} if name == "tda" else {}
        options |= {} if name == "none" else {"size": 128}
        left = 0
        for seed in range(50):
            got = preset(name, **options)(greys(), rng(seed))
            whose = (at_points(got.image, got.points) - 0.2) / 0.03
            np.testing.assert_allclose(whose, np.rint(whose), atol=0.2)
            assert len(set(np.rint(whose))) == len(got.points)
            assert at_points(got.label, got.points).min(initial=1) > 0.5
            left += len(got.points)
        assert left > 150

    def test_sixteen_bits_are_not_rounded_to_eight(self, name):
        ramp = sample_of(np.arange(65536).reshape(256, 256) / 65535)
        image = preset(name)(ramp, rng(2)).image
        assert len(np.unique(image)) > min(10_000, image.size // 2)  # of eight bits there are 256

    def test_a_frame_of_a_synthetic_scene_keeps_every_point_on_a_target(self, name):
        for seed in range(4):
            scene = draw_scene(SceneOptions(size=(100, 140), targets=(2, 4), extent=(1.5, 3.5)), rng(seed))
            got = preset(name)(sample_of(scene.image, scene.mask, scene.points), rng(seed))
            assert (at_points(got.label, got.points) > 0).all()


MOVES = {
    "flip": Flip(),
    "transpose": Transpose(),
    "rotate": Rotate90(),
    "crop": Crop(31, 0.5),
    "redraw": Crop(31, 0.5, 0.0, "redraw"),
    "all": Pipeline((Crop(45), Flip(), Transpose(), Rotate90(), Crop(20, 0.9))),
}


@pytest.mark.parametrize("name", MOVES)
@pytest.mark.parametrize("shape", [(50, 60), (61, 22), (15, 70)])
def test_moving_takes_label_and_points_along_with_every_pixel(name, shape):
    # Oracle: the value of each pixel tells where it came from; label and points are looked up there one by one.
    sample = coded(shape)
    for seed in range(20):
        got = MOVES[name](sample, rng(seed))
        rows, cols = np.nonzero(got.image)
        came = np.rint(got.image[rows, cols] * 2**15).astype(int) - 1
        np.testing.assert_array_equal(got.label[rows, cols], sample.label.flat[came])
        assert not got.label[got.image == 0].any()
        home = {int(code): (row, col) for code, row, col in zip(came, rows, cols, strict=True)}
        codes = [int(row) * shape[1] + int(col) for row, col in sample.points]
        assert [tuple(point) for point in got.points] == [home[code] for code in codes if code in home]


def test_flips_and_turns_reach_all_eight_places_of_a_square():
    seen = {tuple(Pipeline((Flip(), Transpose()))(coded((3, 3)), rng(seed)).image.ravel()) for seed in range(100)}
    turned = {tuple(Rotate90()(coded((3, 3)), rng(seed)).image.ravel()) for seed in range(100)}
    assert len(seen) == 8
    assert turned < seen
    assert len(turned) == 4


def test_quarter_turns_by_hand():
    turned = [Rotate90(1.0)(coded((2, 3)), rng(seed)).image * 2**15 for seed in range(30)]
    left, half, right = [[3, 6], [2, 5], [1, 4]], [[6, 5, 4], [3, 2, 1]], [[4, 1], [5, 2], [6, 3]]
    assert all(image.tolist() in (left, half, right) for image in turned)


@pytest.mark.parametrize(("step", "share"), [(Flip(0.3, 0.0), 0.3), (Transpose(0.2), 0.2), (Rotate90(0.6), 0.6)])
def test_probabilities_are_shares(step, share):
    changed = np.mean([step(coded((3, 3)), rng(seed)).image[0, 1] != 2 * 2**-15 for seed in range(1200)])
    assert abs(changed - share) < 0.058  # four standard deviations of 1200 draws


def corners(shape, size):
    return [(row, col) for row in range(shape[0] - size + 1) for col in range(shape[1] - size + 1)]


def corner_of(step, sample, seed):
    """Where the crop began: coded frames say it by their first pixel."""
    return divmod(round(float(step(sample, rng(seed)).image[0, 0]) * 2**15) - 1, sample.image.shape[1])


@pytest.mark.parametrize("pixel", [(8, 9), (0, 0), (15, 19), (0, 10), (3, 19)])
def test_crops_around_a_pixel_begin_at_every_corner_that_holds_it_and_no_other(pixel):
    # Oracle: all corners of a 16x20 frame, one by one. One row earlier, as published, the pixel would be missed.
    size, shape = 6, (16, 20)
    sample = replace(coded(shape), label=dots(shape, pixel).label)
    holding = {c for c in corners(shape, size) if all(c[k] <= pixel[k] < c[k] + size for k in (0, 1))}
    seen = [corner_of(Crop(size, 1.0), sample, seed) for seed in range(700)]
    assert set(seen) == holding
    counts = np.array([seen.count(corner) for corner in holding])
    assert abs(counts - 700 / len(holding)).max() < 5 * np.sqrt(700 / len(holding))  # evenly


def empty_share(shape, size, pixel):
    """Share of all corners whose crop misses a pixel."""
    return np.mean([not all(c[k] <= pixel[k] < c[k] + size for k in (0, 1)) for c in corners(shape, size)])


@pytest.mark.parametrize("positive", [0.0, 0.3, 0.5, 1.0])
@pytest.mark.parametrize("rule", ["pixel", "redraw"])
def test_the_share_of_crops_without_target_is_what_the_rule_says(rule, positive):
    # With q the share of empty corners (counted) and p = positive: "pixel" is empty in (1 - p) q of its crops. "redraw"
    # passes an empty crop with 1 - p, so the share is q (1 - p) / (q (1 - p) + 1 - q): each round ends or starts anew.
    size, shape, pixel = 8, (20, 24), (4, 20)
    q = empty_share(shape, size, pixel)
    sure = (1 - positive) * q if rule == "pixel" else q * (1 - positive) / (q * (1 - positive) + 1 - q)
    step = Crop(size, positive, 0.0, rule)
    got = np.mean([not step(dots(shape, pixel), rng(seed)).label.any() for seed in range(1200)])
    assert 0.7 < q < 0.95
    assert abs(got - sure) < 0.058


@pytest.mark.parametrize(
    ("name", "empty"),
    [
        ("lesps", lambda q: q),
        ("basicirstd", lambda q: q / 2),
        ("glimt", lambda q: q / 2),
        ("sctransnet", lambda q: q / (2 - q)),
    ],
)
def test_presets_hold_the_published_share_of_crops_without_target(name, empty):
    # Oracle: the shares of the test above, with positive = 1/2, and 0 for LESPS.
    size, shape, pixel = 8, (20, 24), (4, 20)
    made, frame = preset(name, size=size), dots(shape, pixel)
    got = np.mean([not made(frame, rng(seed)).label.any() for seed in range(1200)])
    assert abs(got - empty(empty_share(shape, size, pixel))) < 0.058


@pytest.mark.parametrize(("name", "both"), [("lesps", True), ("glimt", True), ("mshnet", False), ("tda", False)])
def test_only_the_presets_that_say_so_turn_the_sky_down(name, both):
    sky = sample_of(np.linspace(0.8, 0.2, 64)[:, None] * np.ones(64))
    crops = [preset(name, size=32)(sky, rng(seed)).image for seed in range(40)]
    down = [image[-1, 0] > image[0, 0] + 0.01 for image in crops]
    assert any(down) == both


def test_every_target_pixel_is_as_likely_to_be_cropped_to():
    frame = dots((9, 9), (0, 0), (8, 8), (8, 7))
    seen = [Crop(1, 1.0)(replace(frame, image=coded((9, 9)).image), rng(seed)).image[0, 0] for seed in range(900)]
    counts = np.unique(np.rint(np.array(seen) * 2**15), return_counts=True)[1]
    assert len(counts) == 3
    assert abs(counts - 300).max() < 60


@pytest.mark.parametrize("rule", ["pixel", "redraw"])
def test_a_frame_without_target_is_cropped_anywhere(rule):
    for label in (None, np.zeros((9, 9)), np.full((9, 9), 0.4)):
        sample = replace(coded((9, 9)), label=None if label is None else label.astype(np.float32))
        assert {corner_of(Crop(8, 1.0, 0.0, rule), sample, seed) for seed in range(60)} == set(corners((9, 9), 8))


def test_a_small_frame_is_padded_below_and_right_with_the_fill():
    got = Crop(4, 1.0, 0.25)(sample_of([[0.5, 1.0]], [[0, 1]], [(0, 1)]), rng(0))
    assert got.image.tolist() == [[0.5, 1.0, 0.25, 0.25], *[[0.25] * 4] * 3]
    assert got.label.tolist() == [[0, 1, 0, 0], *[[0] * 4] * 3]
    assert got.points.tolist() == [[0, 1]]


@pytest.mark.parametrize(
    ("name", "fill"), [("lesps", 0.4), ("basicirstd", 0.4), ("sctransnet", 0.4), ("glimt", 0.4), ("mshnet", 0.0)]
)
def test_padding_is_the_mean_where_it_is_done_after_normalisation_and_black_where_before(name, fill):
    got = preset(name, size=64, mean=0.4)(sample_of(np.full((20, 1), 0.9)), rng(5))
    assert np.unique(got.image).min() == np.float32(fill)


def test_points_that_leave_the_frame_are_dropped_in_order():
    sample = sample_of(np.zeros((1, 30)), None, [(0, col) for col in (29, 0, 12.4, 17.6, 25)])
    for seed in range(40):
        left = corner_of(Crop(1), replace(coded((1, 30)), label=None), seed)[1]
        got = Crop(1)(sample, rng(seed))
        assert [round(col) for _, col in np.add(got.points, (0, left))] == [c for c in (29, 0, 12, 18, 25) if c == left]


def test_scaling_by_half_by_hand():
    # 4x4 pixels of target become 2x2; its middle (3.5, 5.5) becomes (3.5 + .5) / 2 - .5 = 1.5, and 2.5.
    image = np.zeros((8, 12))
    image[2:6, 4:8] = 1
    got = Resize(6)(sample_of(image[:, :8], image[:, :8], [(3.5, 5.5)]), rng(0))
    assert got.image.shape == (6, 6)
    np.testing.assert_allclose(got.points, [[4 * 6 / 8 - 0.5, 6 * 6 / 8 - 0.5]])
    half = ResizeLong(6, 6)(sample_of(image, image, [(3.5, 5.5)]), rng(0))
    expected = np.zeros((4, 6))
    expected[1:3, 2:4] = 1
    np.testing.assert_array_equal(half.image, expected)
    np.testing.assert_array_equal(half.label, expected)
    assert half.points.tolist() == [[1.5, 2.5]]


def test_resampling_by_hand():
    # Mean: a bright corner of 4x4 pixels is 1/16 of the new pixel. Nearest: of six pixels in a row, two keep the
    # middles of their threes. Soft: each of 2x2 covers 2.25 old pixels and a quarter of the target, 1/9; one is lifted.
    corner = dots((4, 4), (0, 0)).label
    assert smooth(corner, (1, 1)).tolist() == [[1 / 16]]
    assert nearest(np.arange(6, dtype=np.float32)[None], (1, 2)).tolist() == [[1, 4]]
    np.testing.assert_allclose(soft(dots((3, 3), (1, 1)).label, (2, 2)), [[1, 1 / 9], [1 / 9, 1 / 9]], atol=1e-6)


@pytest.mark.parametrize("step", [Resize(70), Resize(33), ResizeLong(30, 90), RandomScale(0.5)])
def test_points_move_as_the_light_does(step):
    # Oracle: the centre of mass of a smooth blob in the resized frame.
    rows, cols = np.indices((48, 64))
    for seed in range(15):
        centre = rng(seed).uniform(20, 28, size=2)
        blob = np.exp(-((rows - centre[0]) ** 2 + (cols - centre[1]) ** 2) / 30)
        got = step(sample_of(blob, blob, [centre]), rng(seed))
        np.testing.assert_allclose(got.points[0], center_of_mass(got.image), atol=0.03)


@pytest.mark.parametrize("shape", [(40, 50), (41, 17)])
def test_a_target_of_one_pixel_survives_every_scale(shape):
    spots = [(0, 0), (shape[0] - 1, shape[1] - 1), (11, 12), (30, 5)]
    for seed in range(150):
        got = RandomScale(0.5)(dots(shape, *spots), rng(seed))
        assert len(targets(got.label > 0.5).areas) == 4
        assert (at_points(got.label, got.points) > 0).all()
        assert len(got.points) == 4


def test_scaling_keeps_the_share_of_the_frame_that_is_target():
    # Invariant: a soft label that is a mean over area has the same mean as before.
    image = np.zeros((64, 64))
    image[10:31, 20:45] = 1
    for seed in range(20):
        got = RandomScale(0.5)(sample_of(image, image), rng(seed))
        assert abs(got.label.mean() / image.mean() - 1) < 0.05
        assert abs(got.label - got.image).max() == 0


def test_faint_labels_are_not_lifted_to_targets():
    label = np.zeros((20, 20))
    label[4:7, 4:7], label[12:15, 12:15] = 0.4, 1.0
    for seed in range(30):
        assert len(targets(RandomScale(0.5)(sample_of(label, label), rng(seed)).label > 0.5).areas) == 1


def test_the_long_side_takes_every_length_of_its_range_and_proportions_stay():
    shapes = [ResizeLong(10, 14)(sample_of(np.zeros((20, 40))), rng(seed)).image.shape for seed in range(200)]
    assert {cols for _, cols in shapes} == {10, 11, 12, 13, 14}
    assert all(abs(rows - cols / 2) <= 0.5 for rows, cols in shapes)


def test_factors_of_scale_fill_their_range_evenly():
    sides = [RandomScale(0.5)(sample_of(np.zeros((100, 2))), rng(seed)).image.shape[0] for seed in range(600)]
    assert min(sides) in (50, 51)
    assert max(sides) in (149, 150)
    assert abs(np.mean(sides) - 100) < 5


def test_brightness_is_a_factor_and_contrast_spreads_about_the_mean():
    image = 0.3 + 0.1 * rng(1).random((30, 30))
    gains, spreads = [], []
    for seed in range(300):
        ratio = Light(0.5, 0.0)(sample_of(image), rng(seed)).image / image
        assert np.ptp(ratio) < 1e-6
        gains.append(ratio.mean())
        spread = Light(0.0, 0.5)(sample_of(image), rng(seed)).image
        np.testing.assert_allclose(spread.mean(), image.mean(), atol=1e-6)
        spreads.append(spread.std() / image.std())
    for factors in (gains, spreads):
        assert 0.5 <= min(factors) < 0.52
        assert 1.48 < max(factors) <= 1.5 + 1e-6
        assert abs(np.mean(factors) - 1) < 0.07


def test_light_by_hand():
    # The frame's mean is 0.4. With the factors g and c that a second generator draws, v becomes g v, then its distance
    # from g 0.4 is multiplied by c; what leaves [0, 1] is cut.
    for seed in range(20):
        gain, spread = rng(seed).uniform(0.5, 1.5, size=2)
        expected = [min(1, max(0, 0.4 * gain + spread * (value * gain - 0.4 * gain))) for value in (0.0, 0.3, 0.9)]
        np.testing.assert_allclose(Light()(sample_of([[0.0, 0.3, 0.9]]), rng(seed)).image[0], expected, atol=1e-6)


def test_blur_is_gaussian_with_a_spread_up_to_its_radius():
    # Oracle: scipy, with the spread that a second generator of the same seed draws.
    image = rng(3).random((40, 40))
    blurred = 0
    for seed in range(60):
        twin = rng(seed)
        expected = image
        if twin.random() < 0.5:
            expected = gaussian_filter(image, 1.5 * (1 - twin.random()), mode="mirror")
            blurred += 1
        np.testing.assert_allclose(Blur(0.5, 1.5)(sample_of(image), rng(seed)).image, expected, atol=2e-3)
    assert 15 < blurred < 45


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("glimpt", {}, "did you mean 'glimt'"),
        ("glimt", {"sise": 3}, "option 'sise'"),
        ("lesps", {"size": 0}, "size is 0; choose at least 1 pixel"),
        ("basicirstd", {"positive": 1.5}, "positive is 1.5; choose a value from 0 to 1"),
        ("tda", {"scale": -0.1}, "share is -0.1"),
        ("glimt", {"light": 2.0}, "brightness is 2.0"),
        ("lesps", {"mean": 90.0}, "fill is 90.0"),
    ],
)
def test_a_wrong_name_or_option_is_one_clear_line(name, options, message):
    with pytest.raises((UnknownNameError, OptionError), match=message):
        preset(name, **options)


@pytest.mark.parametrize(
    "make",
    [
        partial(Crop, 0),
        partial(ResizeLong, 9, 8),
        partial(Blur, 0.5, 0.0),
        partial(Flip, 1.2),
        partial(Rotate90, float("nan")),
    ],
)
def test_a_step_refuses_what_it_cannot_do(make):
    with pytest.raises(ValueError, match="is "):
        make()


@pytest.mark.real
@pytest.mark.parametrize("name", ["glimt", "lesps", "basicirstd", "sctransnet"])
def test_on_real_frames_each_click_stays_on_a_target_of_its_grey_value(name, sirst):
    # Oracle: nothing is resampled, so the frame under a click has the very value it had before.
    frames = open_dataset(sirst).records("train")[:30]
    made, left = preset(name, mean=0.4), 0
    for i, sample in enumerate(map(read, frames)):
        sample = replace(sample, points=points_from_mask(sample.label > 0.5, "interior", rng(i)))
        got = made(sample, rng(i))
        assert (at_points(got.label, got.points) == 1).all()
        assert set(at_points(got.image, got.points)) <= set(at_points(sample.image, sample.points))
        left += len(got.points)
    assert left >= 10


def test_a_pipeline_is_a_value_that_crosses_processes():
    import pickle

    for name in NAMES:
        assert pickle.loads(pickle.dumps(preset(name))) == preset(name)
