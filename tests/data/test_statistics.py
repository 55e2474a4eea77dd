"""Statistics of a dataset, against numbers worked by hand and against published constants."""

import numpy as np
import pytest

from glimt.core.errors import DataError, UnknownNameError
from glimt.core.types import Sample
from glimt.data.dataset import open_dataset
from glimt.data.samples import read
from glimt.data.statistics import PUBLISHED, Statistics, measure_statistics, published


def sample_of(image, label=None):
    image = np.array(image, np.float32)
    return Sample("one", image, np.zeros((0, 2)), None if label is None else np.array(label, np.float32))


def square(side, value, around=0.25, size=40):
    """A square target of `value` on a flat frame."""
    label = np.zeros((size, size))
    label[10 : 10 + side, 12 : 12 + side] = 1
    return sample_of(np.where(label, value, around), label)


def test_mean_and_std_are_those_of_the_frames_averaged_whatever_their_sizes():
    # By hand: means 0.25 and 0.75; standard deviations 0.25 and 0. Over all six pixels it would be 0.583 and 0.276.
    got = measure_statistics(iter([sample_of([[0, 0.5]]), sample_of([[0.75, 0.75], [0.75, 0.75]])]))
    assert got == Statistics(mean=0.5, std=0.125)


def test_area_and_contrast_are_means_over_targets_not_over_frames():
    # By hand: a frame with targets of 4 and 9 pixels, one with a dark target of 1: areas 14 / 3. Contrasts 0.5, 0.25
    # and -0.125 over flat surroundings: 0.625 / 3.
    two = square(2, 0.75)
    label, image = two.label.copy(), two.image.copy()
    label[25:28, 25:28], image[25:28, 25:28] = 1, 0.5
    got = measure_statistics([sample_of(image, label), square(1, 0.125), sample_of(np.zeros((5, 5)))])
    assert got.area == pytest.approx(14 / 3)
    assert got.contrast == pytest.approx(0.625 / 3)


def test_contrast_is_to_the_patch_averaged_over_its_four_margins():
    # By hand: a bright ring of 16 pixels, 2 pixels from a single pixel at 1. Patches of 5, 7, 9 and 11 pixels a side
    # hold 24, 48, 80 and 120 pixels of background, 16 of them at 0.6 and the others at 0.
    image, label = np.zeros((21, 21)), np.zeros((21, 21))
    image[8:13, 8:13] = 0.6
    image[9:12, 9:12] = 0
    image[10, 10] = label[10, 10] = 1
    got = measure_statistics([sample_of(image, label)])
    assert got.contrast == pytest.approx(np.mean([1 - 16 * 0.6 / count for count in (24, 48, 80, 120)]))


def test_neighbours_are_no_background():
    image = np.full((9, 20), 0.25)
    image[4, 4], image[4, 6] = 0.75, 1.0
    label = (image > 0.5).astype(float)
    assert measure_statistics([sample_of(image, label)]).contrast == pytest.approx((0.5 + 0.75) / 2)


def test_a_target_is_label_above_one_half():
    label = np.zeros((8, 8))
    label[2, 2:5] = 0.6, 1.0, 0.5
    assert measure_statistics([sample_of(np.zeros((8, 8)), label)]).area == 2


@pytest.mark.parametrize("label", [None, np.zeros((6, 6))])
def test_without_targets_area_and_contrast_are_none(label):
    got = measure_statistics([sample_of(np.full((6, 6), 0.5), label)])
    assert got == Statistics(0.5, 0.0)


def test_a_target_without_background_has_an_area_and_no_contrast():
    got = measure_statistics([sample_of(np.ones((6, 6)), np.ones((6, 6)))])
    assert (got.area, got.contrast) == (36, None)


def test_no_frames_are_an_error():
    with pytest.raises(DataError, match="no frames"):
        measure_statistics(iter([]))


def test_published_constants_are_in_units_of_the_frame():
    assert published("IRSTD-1K").mean * 255 == pytest.approx(87.46619)
    assert published("IRSTD-1K").std * 255 == pytest.approx(39.71953)
    assert published("SIRST") == published("NUAA-SIRST")
    assert all(0.1 < published(name).mean < 0.5 and published(name).area is None for name in PUBLISHED)


def test_an_unknown_dataset_is_one_clear_line():
    with pytest.raises(UnknownNameError, match="did you mean 'NUDT-SIRST'"):
        published("NUDT-SIRTS")


@pytest.mark.real
@pytest.mark.slow
def test_published_constants_of_nudt_sirst_are_measured_again_on_its_frames(nudt):
    # Oracle: BasicIRSTD's 107.80905 and 33.02275, over the train and test lists together.
    got = measure_statistics(read(record) for record in open_dataset(nudt).records(None))
    assert got.mean * 255 == pytest.approx(107.80905, abs=0.01)
    assert got.std * 255 == pytest.approx(33.02275, abs=0.01)
