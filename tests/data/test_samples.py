from pathlib import Path

import numpy as np
import pytest
from data.tree import SHAPE, png, spot

from glimt.core.errors import DataError, FrameError
from glimt.core.raw import parse_raw
from glimt.core.targets import label
from glimt.core.types import Record
from glimt.data.dataset import open_dataset
from glimt.data.regions import region_of
from glimt.data.samples import read, true_mask

NOWHERE = Path("a.png")


def test_a_sample_holds_frame_points_and_mask(tmp_path):
    """The frame's levels are 0, 1, 2, ... in raster order, so pixel (3, 5) of 20 columns is 65 / 255."""
    image, mask = png(tmp_path / "a.png"), png(tmp_path / "m.png", spot(3, 5, 2, 3))
    sample = read(Record("a", image, mask, points=((3, 6), (4.5, 5))))
    assert sample.image[3, 5] == np.float32(65 / 255)
    assert sample.points.tolist() == [[3, 6], [4.5, 5]]
    assert np.argwhere(sample.label == 1).tolist() == [[3, 5], [3, 6], [3, 7], [4, 5], [4, 6], [4, 7]]
    assert (sample.label.dtype, np.unique(sample.label).tolist()) == (np.float32, [0, 1])


def test_a_frame_of_which_nothing_is_known_has_no_label(tmp_path):
    sample = read(Record("a", png(tmp_path / "a.png")))
    assert (sample.label, sample.points.shape) == (None, (0, 2))


def test_regions_are_united_into_the_mask():
    regions = region_of(spot(3, 5, 2, 3) > 0), region_of(spot(4, 7, 3, 1) > 0)
    found = true_mask(Record("a", NOWHERE, regions=regions), SHAPE)
    assert np.array_equal(found, (spot(3, 5, 2, 3) | spot(4, 7, 3, 1)) > 0)


@pytest.mark.parametrize("known", [{"boxes": ((1, 2, 3, 4),)}, {"points": ((1.0, 2.0),)}, {}])
def test_boxes_and_points_are_no_mask(known):
    assert true_mask(Record("a", NOWHERE, **known), SHAPE) is None


def test_a_frame_known_to_be_empty_has_an_empty_mask():
    found = true_mask(Record("a", NOWHERE, empty=True), SHAPE)
    assert (found.shape, found.dtype, found.any()) == (SHAPE, bool, False)


def test_the_mask_file_comes_before_regions(tmp_path):
    record = Record("a", NOWHERE, png(tmp_path / "m.png", spot()), regions=(region_of(spot(0, 0) > 0),))
    assert np.array_equal(true_mask(record, SHAPE), spot() > 0)


def test_a_mask_of_another_size_names_both(tmp_path):
    mask = png(tmp_path / "m.png", np.zeros((12, 19), np.uint8))
    with pytest.raises(DataError, match=r"sub/a: mask is \(12, 19\), image is \(12, 20\)"):
        read(Record("sub/a", png(tmp_path / "a.png"), mask))


def test_regions_of_another_size_name_both():
    regions = region_of(spot() > 0), region_of(np.ones((20, 12), bool))  # the size alone tells them apart
    with pytest.raises(DataError, match=r"a: mask is \(20, 12\), image is \(12, 20\)"):
        true_mask(Record("a", NOWHERE, regions=regions), SHAPE)


def test_a_missing_mask_file_is_named(tmp_path):
    with pytest.raises(FrameError, match=r"gone\.png"):
        true_mask(Record("a", NOWHERE, tmp_path / "gone.png"), SHAPE)


def test_headerless_frames_are_read_by_the_form_given(tmp_path):
    levels = np.arange(240, dtype=np.uint16).reshape(SHAPE) * 200
    (tmp_path / "a.bin").write_bytes(levels.tobytes())
    sample = read(Record("a", tmp_path / "a.bin"), parse_raw("uint16:12x20"))
    assert np.array_equal(sample.image, levels.astype(np.float32) / np.float32(65535))


@pytest.mark.real
def test_all_of_sirst_is_read_with_its_533_targets(sirst):
    samples = (read(record) for record in open_dataset(sirst).records(None))
    assert sum(label(sample.label > 0)[1] for sample in samples if sample.label is not None) == 533
