from pathlib import Path

import numpy as np
import pytest
from data.tree import png

from glimt.core.errors import DataError
from glimt.core.types import Place, Record
from glimt.data.dataset import open_dataset
from glimt.data.samples import read
from glimt.data.sequences import names_of, with_frames


def sequence(name, numbers):
    return [Record(f"{name}/{i:04d}", Path(f"{name}/{i:04d}.png"), sequence=name) for i in numbers]


def numbers_around(records, past, future):
    return [[int(place.file.stem) for place in one.frames] for one in with_frames(records, records, (past, future))]


def test_the_ends_of_a_sequence_stand_for_what_lies_beyond_them():
    assert numbers_around(sequence("a", range(4)), 1, 1) == [[0, 1], [0, 2], [1, 3], [2, 3]]


@pytest.mark.parametrize(("count", "expected"), [(1, [[0, 0]]), (2, [[0, 1], [0, 1]])])
def test_a_sequence_of_one_or_two_frames_has_neighbours_too(count, expected):
    assert numbers_around(sequence("a", range(count)), 1, 1) == expected


def test_four_frames_of_history_stop_at_the_first():
    assert numbers_around(sequence("a", range(3)), 4, 0) == [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1]]


def test_two_sequences_do_not_see_each_other():
    records = sequence("a", range(2)) + sequence("b", range(2))
    seen = [[place.file.as_posix() for place in one.frames] for one in with_frames(records, records, (1, 1))]
    assert seen[1:3] == [["a/0000.png", "a/0001.png"], ["b/0000.png", "b/0001.png"]]
    assert names_of(records) == ["a", "b"]


def test_a_missing_frame_ends_a_run_and_begins_another():
    """Of 0 1 2 4 5 the third is missing: 2 has no successor and 4 no predecessor."""
    assert numbers_around(sequence("a", (0, 1, 2, 4, 5)), 1, 1) == [[0, 1], [0, 2], [1, 2], [4, 5], [4, 5]]


def test_a_sequence_that_keeps_every_fifth_frame_has_no_gap():
    assert numbers_around(sequence("a", (0, 5, 10)), 1, 1) == [[0, 5], [0, 10], [5, 10]]


def test_frames_of_a_video_are_told_by_their_number():
    records = [Record(f"v/{i:06d}", Path("v.mp4"), page=i, sequence="v") for i in (0, 1, 3)]
    assert [one.frames for one in with_frames(records, records, (1, 0))] == [
        (Place(Path("v.mp4"), 0),),
        (Place(Path("v.mp4"), 0),),
        (Place(Path("v.mp4"), 3),),
    ]


def test_a_still_is_its_own_past_and_future():
    still = Record("a", Path("a.png"))
    assert with_frames([still], [still], (1, 1))[0].frames == (still.place, still.place)


def test_neighbours_come_from_frames_that_were_not_chosen():
    records = sequence("a", range(3))
    assert [place.file.stem for place in with_frames(records[1:2], records, (1, 1))[0].frames] == ["0000", "0002"]


def test_no_neighbours_are_looked_up_for_a_task_that_wants_none():
    records = sequence("a", range(3))
    assert with_frames(records, records, (0, 0)) == records


def test_a_sample_holds_the_frames_around_it(tmp_path):
    levels = {}
    for i in range(3):
        image = np.full((8, 10), 10 * i, np.uint8)
        levels[i] = png(tmp_path / "clip" / f"{i}.png", image)
    records = open_dataset(tmp_path).records()
    assert names_of(records) == ["clip"]
    first, second, _ = [read(one) for one in with_frames(records, records, (1, 1))]
    assert [round(float(image[0, 0]) * 255) for image in second.frames] == [0, 20]
    assert first.frames[0] is first.image  # it is not read twice


def test_a_frame_of_another_size_in_a_sequence_is_refused(tmp_path):
    for i, shape in enumerate([(8, 10), (8, 12)]):
        png(tmp_path / "clip" / f"{i}.png", np.zeros(shape, np.uint8))
    records = open_dataset(tmp_path).records()
    with pytest.raises(DataError, match=r"clip/0 is 8 x 10, but 1.png of the same sequence is 8 x 12"):
        read(with_frames(records, records, (1, 1))[0])
