"""The compiled kernel against slow plain Python (tests/oracles): the same pixels, on scenes and on real frames."""

import numpy as np
import pytest
from oracles import growth as slow
from oracles import pmg as slow_pmg

from glimt.core.catalog import build
from glimt.core.frames import read_frame
from glimt.labelers import LABELERS
from glimt.labelers.fuse import VOTES, Fuse
from glimt.labelers.labeler import grey_levels
from glimt.labelers.pamg import Pamg
from glimt.labelers.pmg import Pmg


def noisy_blobs(seed, size=48, levels=255):
    """An 8-bit frame with blobs on noise, and three clicks, two of them close to each other."""
    rng = np.random.default_rng(seed)
    rows, cols = np.indices((size, size))
    frame = 60 + 12 * rng.standard_normal((size, size))
    clicks = np.array([[12, 14], [15, 20], [33, 30]])
    for (row, col), height in zip(clicks, (120, 90, -55), strict=True):
        frame += height * np.exp(-((rows - row) ** 2 + (cols - col) ** 2) / 6.0)
    return np.clip(np.rint(frame), 0, levels).astype(np.uint8), clicks


def as_image(pixels):
    return (pixels / np.float32(255)).astype(np.float32)


def pixels_of(instances, i):
    return {(int(row), int(col)) for row, col in np.argwhere(instances == i + 1)}


def rivals_of(clicks, i):
    return [tuple(map(int, click)) for k, click in enumerate(clicks) if k != i]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("terms", [{}, {"size": 0}, {"saliency": 0}, {"homogeneity": 0}, {"geometry": 0}], ids=str)
def test_pamg_takes_the_pixels_of_the_slow_growth(seed, terms):
    frame, clicks = noisy_blobs(seed)
    drawn = Pamg(support=8, **{name: bool(value) for name, value in terms.items()})(
        as_image(frame), clicks.astype(float)
    )
    for i, click in enumerate(clicks):
        assert pixels_of(drawn, i) == slow.pamg(frame, tuple(click), rivals_of(clicks, i), support=8, **terms)


@pytest.mark.parametrize("seed", range(6))
def test_pmg_takes_the_pixels_of_the_slow_pmg(seed):
    frame, clicks = noisy_blobs(seed)
    for click in clicks[:2]:  # one at a time: the slow one knows no neighbours
        drawn = Pmg(polarity="bright")(as_image(frame), click[None].astype(float))
        assert pixels_of(drawn, 0) == slow_pmg.mask(frame, tuple(click))
        top, left, bottom, right = Pmg(polarity="bright").boxes(as_image(frame), click[None].astype(float))[0]
        assert (top, left, bottom - 1, right - 1) == slow_pmg.box(frame, tuple(click))


def slow_fuse(frame, clicks, i, labeler):
    """The vote of five, from the slow growth and the slow PMG."""
    click, rivals = tuple(map(int, clicks[i])), rivals_of(clicks, i)
    limits = {key: getattr(labeler, key) for key in ("epsilon", "reach", "most", "fall", "patience", "slack")}
    run = {s: slow.peak_sizes(frame, click, rivals, VOTES, sign=s, warmup=3, **limits) for s in (1, -1)}
    sign = slow.polarity(frame, click)
    if sign < 0 and run[1][2][1] >= run[-1][2][1]:
        sign = 1
    sizes, path, _ = run[sign]
    sizes = [max(1, size or max(sizes)) for size in sizes]
    middle = np.array(path[: sorted(sizes)[1]])
    far = ((middle - middle.mean(axis=0)) ** 2).sum(axis=1)
    seen = frame if sign > 0 else 255 - frame
    masks = [slow_pmg.mask(seen, click), slow_pmg.mask(seen, tuple(map(int, middle[far.argmin()])))]
    votes = [sum(j < size for size in sizes) + sum(pixel in mask for mask in masks) for j, pixel in enumerate(path)]
    sure = min(sizes)
    return {
        pixel
        for j, (pixel, vote) in enumerate(zip(path, votes, strict=True))
        if j < sure or (vote >= 3 and j < max(sizes))
    }


@pytest.mark.parametrize("seed", range(5))
def test_fuse_takes_the_pixels_of_the_slow_vote(seed):
    frame, clicks = noisy_blobs(seed)
    drawn = Fuse()(as_image(frame), clicks.astype(float))
    for i in range(len(clicks)):
        assert pixels_of(drawn, i) == slow_fuse(frame, clicks, i, Fuse())


@pytest.mark.real
@pytest.mark.parametrize(("name", "click"), [("Misc_1", None), ("Misc_100", None), ("Misc_222", None)])
def test_kernel_and_slow_growth_agree_on_real_frames(sirst, name, click):
    from glimt.core.frames import read_mask
    from glimt.core.targets import targets

    image = read_frame(sirst / "images" / f"{name}.png")
    clicks = np.rint(targets(read_mask(sirst / "masks" / f"{name}.png")).centroids)
    frame = grey_levels(image)
    assert frame.dtype == np.uint8
    drawn, fused = Pamg()(image, clicks), Fuse()(image, clicks)
    for i, click in enumerate(clicks):
        own = tuple(map(int, click))
        assert pixels_of(drawn, i) == slow.pamg(frame, own, rivals_of(clicks, i))
        assert pixels_of(fused, i) == slow_fuse(frame, clicks, i, Fuse())


@pytest.mark.parametrize("name", ["pamg", "pmg", "fuse"])
def test_sixteen_bits_and_floats_give_the_masks_of_eight(name):
    """Scaling the same levels changes no ratio, so the bucket queue and the heap must walk the same path."""
    frame, clicks = noisy_blobs(1)
    labeler, points = build(LABELERS, name, {}), clicks.astype(float)
    eight = labeler(as_image(frame), points)
    wide = ((frame.astype(np.uint16) * 64 + 3) / np.float32(65535)).astype(np.float32)
    assert grey_levels(wide).dtype == np.uint16
    assert np.array_equal(labeler(wide, points), eight)
    assert np.array_equal(labeler((as_image(frame) * np.float32(0.37) + np.float32(0.011)), points) > 0, eight > 0)


def test_a_faint_target_needs_all_sixteen_bits():
    """A bump of 40 levels in 65536 is less than one level of 8 bits; the mask still finds its 21 pixels."""
    rows, cols = np.indices((40, 40))
    disk = (rows - 20) ** 2 + (cols - 20) ** 2 <= 6
    noise = np.random.default_rng(0).integers(-2, 3, (40, 40))
    levels = (30000 + noise + 40 * disk).astype(np.uint16)
    image = (levels / np.float32(65535)).astype(np.float32)
    assert len(np.unique(np.rint(image * 255))) == 1
    for name in ("fuse", "pamg"):
        assert np.array_equal(build(LABELERS, name, {})(image, np.array([[20.0, 20.0]])) > 0, disk)


def test_the_click_counts_twice_and_the_sum_term_is_worked_by_hand():
    """A 1x7 row 0 0 9 9 9 9 0, click on the first 9, no geometry, no homogeneity, warm-up 1: after 2, 3, 4 pixels the
    mean is 9, the ring mean (0 + 9) / 2, (0 + 9) / 2, 0: ln ln 3 + ln(4.5 / 9) = -0.599, ln ln 4 - 0.693 = -0.366,
    ln ln 5 + ln 1 = 0.476; after 5 the mean falls to 45 / 6 = 7.5 with ring 0: ln ln 6 + ln(7.5 / 9) = 0.401.
    """
    frame = np.array([[0, 0, 9, 9, 9, 9, 0, 0]], dtype=np.uint8)
    drawn = Pamg(support=1.6, homogeneity=False, geometry=False, warmup=1)(as_image(frame), np.array([[0.0, 2.0]]))
    assert drawn.tolist() == [[0, 0, 1, 1, 1, 1, 0, 0]]
