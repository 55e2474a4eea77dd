"""Label evolution against numbers worked by hand from Eq. 1-4 of paper 002, and against a slow obvious reference."""

import numpy as np
import pytest
from scipy import ndimage

from glimt.core.types import Sample
from glimt.recipes.lesps import Evolution, Timing, lesps
from glimt.recipes.recipe import Moment

SMALL = Evolution(base=0.5, growth=0.5, reach=2, share=0.0015)  # windows of 5 x 5; the largest target is 6.144 px


def blank():
    return np.zeros((64, 64), dtype=np.float32)


def test_an_update_worked_by_hand():
    """Two regions, the first with its window cut by the border.

    One pixel at (1, 1): T = 0.8 (0.5 + 0.25 / 6.144) = 0.43255. Two pixels at (10, 10), (10, 11), centroid (10, 10.5)
    taken as (10, 10): T = 0.5 (0.5 + 0.25 * 2 / 6.144) = 0.29069.
    """
    label, score = blank(), blank()
    label[1, 1] = 1
    score[1, 1], score[1, 2], score[2, 2], score[3, 3] = 0.8, 0.6, 0.433, 0.432
    label[10, 10], label[10, 11] = 1, 0.6
    score[10, 10], score[10, 11], score[9, 10], score[11, 12] = 0.4, 0.5, 0.291, 0.290
    score[12, 8] = 0.45  # passes, but touches nothing around the centroid: a false alarm
    evolved = SMALL(label, score)
    expected = {(1, 1): 1, (1, 2): 0.3, (2, 2): 0.2165, (10, 10): 1, (10, 11): 0.55, (9, 10): 0.1455}
    assert {tuple(place) for place in np.argwhere(evolved).tolist()} == set(expected)
    for place, value in expected.items():
        assert evolved[place] == pytest.approx(value, abs=1e-6)
    assert label[1, 2] == 0  # the label given is left alone


def test_a_later_region_sees_what_an_earlier_one_changed():
    """Regions at (20, 20) and (20, 23) share columns 21 and 22: (20, 21) becomes 0.7 / 2, then (0.35 + 0.7) / 2."""
    label, score = blank(), blank()
    label[20, 20] = label[20, 23] = 1
    score[20, 20:24] = 0.7
    evolved = SMALL(label, score)
    assert evolved[20, 20:24].tolist() == pytest.approx([1, 0.525, 0.525, 1])


def test_a_single_blob_is_kept_though_it_touches_nothing():
    label, score = blank(), blank()
    label[30, 30] = 1
    score[32, 32] = 0.5
    assert SMALL(label, score)[32, 32] == 0.25
    score[28, 28] = 0.5  # with a second one neither is
    assert SMALL(label, score)[32, 32] == 0


def test_a_larger_region_asks_for_more():
    """With k = 1 and a region as large as the largest target, only the peak could pass, and must be passed."""
    label, score = blank(), blank()
    label[40, 40:46] = 1
    score[40, 40:46] = [0.9, 0.95, 1.0, 0.95, 0.9, 0.5]
    tight = Evolution(base=0.5, growth=1.0, reach=16, share=6 / 4096)
    assert np.array_equal(tight(label * 0.8, score), label * np.float32(0.8))


def test_no_answer_changes_nothing():
    label = blank()
    label[5, 5] = 1
    assert np.array_equal(SMALL(label, blank()), label)


def slow(evolve, label, score):
    """The specification read aloud, pixel by pixel."""
    regions, count = ndimage.label(label > 0.5, np.ones((3, 3)))
    now = label.astype(np.float64)
    for i in range(1, count + 1):
        pixels = np.argwhere(regions == i)
        row, col = (int(np.mean(axis)) for axis in pixels.T)
        inside = np.zeros(label.shape, dtype=bool)
        for r in range(label.shape[0]):
            for c in range(label.shape[1]):
                inside[r, c] = abs(r - row) <= evolve.reach and abs(c - col) <= evolve.reach
        peak = (score * inside).max()
        bar = peak * evolve.base + evolve.growth * (peak - peak * evolve.base) * len(pixels) / (
            evolve.share * label.size
        )
        found, blobs = ndimage.label(score * inside > bar, np.ones((3, 3)))
        for blob in range(1, blobs + 1):
            near = any(abs(r - row) <= 1 and abs(c - col) <= 1 for r, c in np.argwhere(found == blob))
            if near or blobs == 1:
                now[found == blob] = (now[found == blob] + score[found == blob]) / 2
    return np.maximum(now, label == 1)


def test_updates_agree_with_a_slow_reference_on_random_maps():
    rng = np.random.default_rng(5)
    evolve = Evolution(base=0.5, growth=0.5, reach=4, share=0.01)
    for _ in range(20):
        score = ndimage.gaussian_filter(rng.random((40, 31)), 1.5).astype(np.float32)
        score = (score - score.min()) / np.ptp(score)
        label = np.where(rng.random((40, 31)) < 0.01, np.float32(1), ndimage.gaussian_filter(score, 1) ** 2)
        assert np.allclose(evolve(label, score), slow(evolve, label, score), atol=1e-6)


@pytest.mark.parametrize(
    ("losses", "quirk", "updates"),
    [
        ([50, 11], False, 0),
        ([50, 9], False, 1),  # the start
        ([50, 9, 8], False, 0),
        ([50, 9, 8, 30, 30], False, 1),  # every fifth epoch from then on, whatever the loss
        ([50, 40, 30, 20, 9], False, 1),  # the start on a multiple of five
        ([50, 40, 30, 20, 9], True, 2),
        ([50, 9, 8, 7, 6], True, 1),
    ],
)
def test_updates_come_when_the_loss_has_fallen_and_every_fifth_epoch_then(losses, quirk, updates):
    assert Timing(10.0, None, 5, quirk).updates(losses) == updates


def test_an_epoch_may_be_named_instead():
    timing = Timing(10.0, 3, 5, False)
    assert [timing.updates([1.0] * epoch) for epoch in range(1, 7)] == [0, 0, 1, 0, 1, 0]


def test_a_refresh_asks_about_frames_with_a_target_alone():
    samples = [Sample(id, blank(), np.array([[9.0, 9.0]])) for id in ("empty", "out", "target")]
    label, score = blank(), blank()
    label[9, 9], score[9, 8:11] = 1, 0.8
    labels, asked = {"empty": blank(), "target": label}, []

    def answers(some):
        for sample in some:
            asked.append(sample.id)
            yield score

    lesps(begin_epoch=1).refresh(Moment([3.0], samples, answers, labels))
    assert asked == ["target"]
    assert labels["target"][9, 8:11].tolist() == pytest.approx([0.4, 1, 0.4])


def images_of(samples):
    return (sample.image for sample in samples)


def test_with_a_context_the_network_sees_squares_around_the_regions_alone():
    """Squares of 16 px begin 8 px before a region: at (1, 1), at (4, 32), and moved into the frame at (0, 48)."""
    frame = np.random.default_rng(1).random((64, 64), dtype=np.float32)
    label = blank()
    label[9, 9] = label[12, 40] = label[2, 60] = 1
    seen = []

    def answers(samples):
        for sample in samples:
            seen.append(sample)
            yield sample.image

    points = np.array([[9.0, 9.0], [12.0, 40.0], [2.0, 60.0], [60.0, 60.0]])
    moment = Moment([3.0], [Sample("a", frame, points)], answers, {"a": label})
    lesps(begin_epoch=1, window=7, context=16).refresh(moment)
    corners = [(0, 48), (1, 1), (4, 32)]  # in raster order of the regions
    for sample, (top, left) in zip(seen, corners, strict=True):
        assert np.array_equal(sample.image, frame[top : top + 16, left : left + 16])
    assert [sample.points.tolist() for sample in seen] == [[[2, 12]], [[8, 8]], [[8, 8]]]


@pytest.mark.parametrize("shape", [(64, 64), (10, 50)])  # the second is lower than a square
def test_what_a_pixel_alone_decides_is_the_same_with_a_context(shape):
    frame = np.random.default_rng(1).random(shape, dtype=np.float32)
    label = np.zeros(shape, dtype=np.float32)
    label[9, 9] = label[5, 12] = label[2, 47] = 1  # the first two windows overlap
    grown = []
    for context in (None, 7, 8, 16):
        moment = Moment([3.0], [Sample("a", frame, np.zeros((0, 2)))], images_of, {"a": label})
        lesps(begin_epoch=1, window=7, context=context).refresh(moment)
        grown.append(moment.labels["a"])
    assert all(np.array_equal(one, grown[0]) for one in grown)
    assert not np.array_equal(grown[0], label)


def test_a_context_that_cuts_windows_or_goes_with_two_updates_is_refused():
    with pytest.raises(ValueError, match="context must be 33 or more, the window, got 32"):
        lesps(context=32)
    with pytest.raises(ValueError, match="context must be left out with quirks=released"):
        lesps(context=64, quirks="released")


def test_labels_begin_as_one_pixel_a_point_and_validation_as_masks():
    recipe = lesps()
    frame = blank()
    frame[20:23, 20:23] = 0.8
    sample = Sample("a", frame, np.array([[21.2, 20.9]]))
    assert np.argwhere(recipe.start(sample)).tolist() == [[21, 21]]
    assert (recipe.check(sample) > 0).sum() == 9
    assert recipe.start(Sample("b", frame, np.zeros((0, 2)))) is None
    assert recipe.start(Sample("b", frame, np.zeros((0, 2)), blank())).max() == 0


@pytest.mark.parametrize("options", [{"every": 0}, {"window": 32}, {"base": 1.5}, {"share": 0.0}])
def test_settings_out_of_range_are_refused(options):
    with pytest.raises(ValueError, match="must"):
        lesps(**options)
