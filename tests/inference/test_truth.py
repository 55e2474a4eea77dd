"""What is true of a frame, beside what is found in it."""

import numpy as np
import pytest

from glimt.core.errors import DataError
from glimt.core.files import write_png
from glimt.core.types import Record, Sample
from glimt.data.dataset import open_dataset
from glimt.detectors.tllcm import Tllcm
from glimt.inference.truth import clicked, found_by, pair_of, refuse_unknown
from glimt.metrics.evaluate import evaluate
from glimt.metrics.profiles import basicirstd, points


@pytest.fixture
def sample():
    return Sample("a/0", np.zeros((20, 24), np.float32), np.array([[1.0, 1.0]]))


def test_the_record_says_where_targets_are_whatever_a_model_was_told(tmp_path, sample):
    record = Record("a/0", tmp_path / "0.png", points=((10.4, 7.0),), sequence="a")
    pair = pair_of(record, sample, sample.image)  # the sample's own point is a click at (1, 1)
    assert pair.points is not None
    assert pair.points.tolist() == [[10.4, 7.0]]
    assert np.argwhere(pair.true).tolist() == [[10, 7]]
    assert (pair.id, pair.sequence) == ("a/0", "a")


def test_a_mask_comes_before_points(tmp_path, sample):
    mask = np.zeros((20, 24), np.float32)
    mask[3:5, 3:5] = 1
    pair = pair_of(Record("a/0", tmp_path / "0.png", points=((10.0, 7.0),)), sample.with_label(mask), sample.image)
    assert pair.points is None
    assert pair.true.sum() == 4


def test_a_frame_known_to_be_empty_is_scored_under_either_profile(tmp_path):
    write_png(tmp_path / "0.png", np.zeros((20, 24), np.uint8))
    record = Record("0", tmp_path / "0.png", empty=True)
    for profile in (points(), basicirstd()):
        refuse_unknown([record], profile)
        counts = evaluate(found_by(lambda image: image, [record]), profile).counts
        assert (counts["targets"], counts["pixels"]) == (0, 480)


def test_what_is_unknown_is_refused_with_the_way_out(tmp_path):
    dots, bare = Record("dots", tmp_path, points=((1.0, 1.0),)), Record("bare", tmp_path)
    refuse_unknown([dots], points())
    with pytest.raises(DataError, match=r"1 of 2 frames have neither mask nor points, the first is 'bare'"):
        refuse_unknown([dots, bare], points())
    with pytest.raises(DataError, match=r"2 of 2 frames have no true mask.*'dots'.*--profile points"):
        refuse_unknown([dots, bare], basicirstd())
    with pytest.raises(DataError, match=r"1 of 1 frames have no true mask.*'bare'.*`glimt predict`"):
        refuse_unknown([bare], basicirstd())


def test_without_a_mask_the_points_are_the_centroids_and_no_other_click_can_be_drawn(sample):
    assert clicked(sample, "centroid", 0) is sample
    with pytest.raises(DataError, match=r"a/0: boundary clicks are drawn in a true mask, and it has none"):
        clicked(sample, "boundary", 0)


@pytest.mark.real
def test_targets_of_a_real_sequence_are_found_where_its_points_are(shared_data):
    """Were rows and columns mixed up, or frames counted from one, the centroids would lie pixels away."""
    dataset = open_dataset(shared_data / "sequences" / "DAUB")
    records = dataset.records("seq05_data15_0000")[::10]
    result = evaluate(found_by(Tllcm(), records), points())
    assert (result.counts["targets"], result.counts["pixels"]) == (10, 10 * 256 * 256)
    assert result.counts["hits"] >= 9
    assert result.values["centroid_error"] < 1
    assert list(result.sequences) == ["seq05_data15_0000"]
