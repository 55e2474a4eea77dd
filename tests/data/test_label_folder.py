import numpy as np
import pytest

from glimt.core.errors import DataError
from glimt.core.frames import read_pixels
from glimt.data.labels import LabelFolder


@pytest.fixture
def labels(tmp_path):
    return LabelFolder(tmp_path / "labels")


def soft(seed=0):
    return np.random.default_rng(seed).random((6, 7)).astype(np.float32)


def test_a_label_comes_back_within_half_a_level_of_16_bits(labels):
    labels["Misc_1"] = soft()
    assert np.abs(labels["Misc_1"] - soft()).max() <= 0.5 / 65535 + 1e-7
    assert read_pixels(labels.path("Misc_1")).dtype == np.uint16


def test_what_was_read_writes_the_same_file_again(labels):
    labels["a"] = soft()
    before = labels.path("a").read_bytes()
    labels["a"] = labels["a"]
    assert labels.path("a").read_bytes() == before


def test_it_is_a_mapping_whose_ids_may_hold_slashes_and_dots(labels):
    assert (len(labels), list(labels)) == (0, [])
    for id in ("b", "44/1(814)", "a.v2"):
        labels[id] = soft()
    assert list(labels) == ["44/1(814)", "a.v2", "b"]
    assert ("44/1(814)" in labels, "44" in labels, 3 in labels) == (True, False, False)
    del labels["b"]
    assert (len(labels), labels.get("b")) == (2, None)


def test_a_missing_label_is_a_key_error(labels):
    with pytest.raises(KeyError, match="x"):
        labels["x"]
    with pytest.raises(KeyError, match="x"):
        del labels["x"]


def test_a_label_under_way_is_not_seen(labels):
    labels["a"] = soft()
    labels.path("b").with_name(".b.png.123.part").write_bytes(b"half")
    labels.path("b").with_name(".b.png").write_bytes(b"half")
    assert list(labels) == ["a"]


@pytest.mark.parametrize("value", [1.01, -0.01, np.nan])
def test_values_outside_0_to_1_are_refused_and_nothing_is_written(labels, value):
    with pytest.raises(DataError, match=r"label of 'a': its values must lie in \[0, 1\]"):
        labels["a"] = np.full((3, 3), value, np.float32)
    assert not labels.root.exists()


@pytest.mark.parametrize("id", ["../a", "/a", "", "a/../../b"])
def test_an_id_cannot_lead_out_of_the_folder(labels, id):
    with pytest.raises(DataError, match="leads out of"):
        labels[id] = soft()


def test_two_views_of_one_folder_agree(labels):
    labels["a"] = soft(1)
    other = LabelFolder(labels.root)
    other["a"] = soft(2)
    assert np.array_equal(labels["a"], other["a"])


def test_every_name_it_lists_can_be_read(labels):
    labels["a"] = soft()
    labels.path("b").with_name("b.PNG").write_bytes(labels.path("a").read_bytes())  # by another hand
    assert (list(labels), len(labels)) == (["a"], 1)
    assert [id in labels for id in labels] == [True]


def test_a_label_may_change_its_size_and_keeps_its_ends(labels):
    labels["a"] = soft()
    labels["a"] = np.array([[0, 1]], np.float32)
    assert labels["a"].tolist() == [[0, 1]]
