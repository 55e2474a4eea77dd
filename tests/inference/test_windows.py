"""What is seen around each frame while frames come one after the other."""

import cv2
import numpy as np
import pytest

from glimt.inference.stream import open_stream, windows


@pytest.mark.parametrize("span", [(0, 0), (1, 1), (4, 0), (0, 2), (2, 1)])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 7])
def test_windows_are_what_looking_up_by_number_gives(count, span):
    """The oracle: number i + step, held within the sequence."""
    steps = [*range(-span[0], 0), *range(1, span[1] + 1)]
    expected = [(i, tuple(min(max(i + step, 0), count - 1) for step in steps)) for i in range(count)]
    assert list(windows(range(count), span)) == expected


def write(folder, count):
    folder.mkdir(parents=True)
    for i in range(count):
        assert cv2.imwrite(str(folder / f"{i}.png"), np.full((8, 10), 10 * i, np.uint8))


def levels_of(sample):
    return [round(float(image[0, 0]) * 255) for image in (sample.image, *sample.frames)]


def test_a_folder_is_seen_with_its_neighbours_in_natural_order(tmp_path):
    write(tmp_path / "clip", 11)
    stream = open_stream(tmp_path, span=(1, 1))
    assert [levels_of(sample) for sample in stream.samples(())][9:] == [[90, 80, 100], [100, 90, 100]]


def test_frames_that_are_skipped_are_still_seen_by_their_neighbours(tmp_path):
    write(tmp_path / "clip", 3)
    stream = open_stream(tmp_path, span=(1, 1))
    assert [levels_of(sample) for sample in stream.samples({stream.ids[1]})] == [[0, 0, 10], [20, 10, 20]]


def test_headerless_files_are_a_sequence_and_skipped_ones_are_not_read(tmp_path):
    for i in range(3):
        np.full((8, 10), 10 * i, np.uint8).tofile(tmp_path / f"{i}.raw")
    stream = open_stream(tmp_path, raw="uint8:8x10", span=(1, 0))
    assert [levels_of(sample) for sample in stream.samples(())] == [[0, 0], [10, 0], [20, 10]]
    (tmp_path / "0.raw").unlink()
    still = open_stream(tmp_path, raw="uint8:8x10")
    assert [levels_of(sample) for sample in still.samples({"1"})] == [[20]]
