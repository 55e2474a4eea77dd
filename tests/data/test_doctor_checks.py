"""The doctor's checks by themselves, without a dataset on disk; whole examinations are in test_doctor.py."""

from pathlib import Path

import numpy as np

from glimt.core.types import Record
from glimt.data.doctor.checks import masks as mask_checks
from glimt.data.doctor.checks.twins import candidates
from glimt.data.doctor.lists import SplitList, rivals
from glimt.data.doctor.look import Look, Picture, oddities
from glimt.data.doctor.survey import Survey


def test_points_and_boxes_outside_the_frame_are_found():
    record = Record(
        "a", Path("a.png"), points=((3.0, 4.0), (-0.6, 2.0), (9.4, 0.0)), boxes=((0, 0, 10, 20), (5, 5, 11, 6))
    )
    seen = Survey((Look(record, Picture((10, 20))),), (), ())
    (finding,) = mask_checks.outside(seen)
    assert finding.what == "outside the frame of 10 rows x 20 cols: (row -0.6, col 2), (row 5, col 5)"


def test_rivals_divide_the_same_frames():
    def split(name):
        return SplitList(name, ())

    pairs = {
        ("train_SIRST", "test_SIRST"): True,
        ("train_SIRST", "official_test"): False,
        ("trainval", "test"): True,
        ("trainval", "train"): False,
        ("train", "val"): True,
        ("50_50/train", "50_50/test"): True,
        ("50_50/train", "80_20/test"): False,
        ("training", "test"): True,
        ("easy", "test"): False,
        ("train", "train"): False,
        ("contest", "train"): False,
    }
    for (one, other), answer in pairs.items():
        assert rivals(split(one), split(other)) is rivals(split(other), split(one)) is answer


def test_oddities_agree_with_a_walk_over_pixels():
    # Oracle: flood fill with and without corners, one pixel at a time.
    rng = np.random.default_rng(4)
    for _ in range(20):
        drawn = rng.random((14, 17)) > 0.8
        single, touching = oddities(drawn)
        blobs = flood(drawn, corners=True)
        assert sorted(single) == sorted(min(blob) for blob in blobs if len(blob) == 1)
        parts = flood(drawn, corners=False)
        split = [min(blob) for blob in blobs if sum(part <= blob for part in parts) > 1]
        assert sorted(touching) == sorted(split)


def flood(drawn, corners):
    left, blobs = {(float(r), float(c)) for r, c in np.argwhere(drawn)}, []
    steps = [(r, c) for r in (-1, 0, 1) for c in (-1, 0, 1) if corners or abs(r) + abs(c) == 1]
    while left:
        blob, edge = set(), [left.pop()]
        while edge:
            row, col = edge.pop()
            blob.add((row, col))
            near = {(row + r, col + c) for r, c in steps} & left
            left -= near
            edge += near
        blobs.append(blob)
    return blobs


def test_five_thousand_hashes_are_compared_in_seconds():
    signs = np.where(np.random.default_rng(6).random((5000, 63)) > 0.5, 1, -1).astype(np.float32)
    signs[4321] = signs[17]
    pairs = np.concatenate([np.stack(pair, axis=1) for pair in candidates(signs)])
    assert [17, 4321] in pairs.tolist()
    assert (pairs[:, 0] < pairs[:, 1]).all()
