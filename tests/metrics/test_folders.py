import cv2
import numpy as np
import pytest

from glimt.core.errors import DataError
from glimt.metrics.folders import pair_files, read_pair


def write(path, pixels):
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.asarray(pixels))
    return path


def dot(value=255, dtype=np.uint8, shape=(8, 8)):
    pixels = np.zeros(shape, dtype)
    pixels[4, 4] = value
    return pixels


@pytest.fixture
def folders(tmp_path):
    for name in ("a", "deep/b"):
        write(tmp_path / "found" / f"{name}.png", dot())
        write(tmp_path / "true" / f"{name}_pixels0.png", dot())
        write(tmp_path / "frames" / f"{name}.bmp", dot())
    return tmp_path / "found", tmp_path / "true", tmp_path / "frames"


def test_files_pair_by_name_through_subfolders_and_the_suffix_of_sirst(folders):
    files = pair_files(*folders).files
    assert [pair.id for pair in files] == ["a", "deep/b"]
    pair = read_pair(files[1])
    assert pair.true.sum() == 1
    assert pair.image is not None


def test_two_files_are_a_pair_whatever_their_names(folders):
    found, true, frames = folders
    (pair,) = pair_files(found / "a.png", true / "deep" / "b_pixels0.png", frames).files
    assert pair.image == frames / "a.bmp"


def test_score_maps_keep_sixteen_bits(tmp_path):
    found, true = write(tmp_path / "s.png", dot(32768, np.uint16)), write(tmp_path / "t.png", dot())
    assert read_pair(pair_files(found, true).files[0]).found[4, 4] == np.float32(32768 / 65535)


def test_a_grey_true_mask_is_cut_once_above_127(tmp_path, score):
    """Labels 1, .9, .6, .4 against an answer of all ones: 3 of 4. A copied script makes it 1 of 6."""
    true = write(tmp_path / "t.png", np.array([[255, 230, 153, 102]], np.uint8))
    found = write(tmp_path / "f.png", np.full((1, 4), 255, np.uint8))
    pair = read_pair(pair_files(found, true).files[0])
    assert pair.true.tolist() == [[True, True, True, False]]
    assert score("basicirstd", (pair.found, pair.true))["iou"] == 3 / 4


@pytest.mark.parametrize("value", [127, 128])
def test_the_cut_of_a_true_mask_lies_between_127_and_128(tmp_path, value):
    path = write(tmp_path / "t.png", dot(value))
    assert read_pair(pair_files(path, path).files[0]).true.any() == (value == 128)


def test_missing_partners_are_counted_and_with_strict_refused(folders):
    found, true, _ = folders
    write(true / "c.png", dot())
    write(found / "d.png", dot())
    paired = pair_files(found, true)
    assert (len(paired.files), paired.only_found, paired.only_true) == (2, ("d",), ("c",))
    with pytest.raises(DataError, match=r"1 true masks without a found map in .*: c; add them"):
        pair_files(found, true, strict=True)
    (true / "c.png").unlink()
    with pytest.raises(DataError, match=r"1 found maps without a true mask in .*: d;"):
        pair_files(found, true, strict=True)


def test_folders_without_a_common_name_show_some_of_each(folders, tmp_path):
    write(tmp_path / "else" / "z.png", dot())
    with pytest.raises(DataError, match=r"no name in common: .*found holds a, deep/b; .*else holds z"):
        pair_files(folders[0], tmp_path / "else")


def test_a_missing_frame_is_named(folders):
    (folders[2] / "a.bmp").unlink()
    with pytest.raises(DataError, match="frames has no frame for a;"):
        pair_files(*folders)


def test_empty_and_absent_folders_are_told_apart(folders, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="empty holds no image"):
        pair_files(folders[0], tmp_path / "empty")
    with pytest.raises(DataError, match="nowhere does not exist"):
        pair_files(folders[0], tmp_path / "nowhere")
    with pytest.raises(DataError, match="is a file, where a folder is needed"):
        pair_files(folders[0], folders[1] / "a_pixels0.png")


def test_two_files_of_one_name_are_refused(folders):
    write(folders[0] / "a.bmp", dot())
    with pytest.raises(DataError, match=r"a.bmp and a.png are both 'a'"):
        pair_files(folders[0], folders[1])


def test_logits_are_refused(tmp_path):
    found = write(tmp_path / "s.tif", np.array([[-3.0, 4.0]], np.float32))
    true = write(tmp_path / "t.png", np.zeros((1, 2), np.uint8))
    with pytest.raises(DataError, match=r"scores run from -3 to 4; they must lie in \[0, 1\]"):
        read_pair(pair_files(found, true).files[0])
