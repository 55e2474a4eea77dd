"""Spots by hand: a cell of four pixels, its offset, and discs that are counted."""

import numpy as np
import pytest

from glimt.core.spots import FAINTEST, Located, Spots, discs, peaks


def answer_of(cells, shape=(8, 10)):
    """Maps in which only the given cells (row, col): (logit, d_row, d_col, radius) believe in a target."""
    maps = np.zeros((4, *shape), np.float32)
    maps[0] = -20
    for cell, values in cells.items():
        maps[(slice(None), *cell)] = values
    return maps


def spots_of(*rows):
    centres, radii, scores = zip(*rows, strict=True)
    return Spots(np.array(centres, float), np.array(radii, float), np.array(scores, float))


def test_a_peak_is_read_in_pixels():
    """Cell (2, 3) covers rows 8 to 11: its middle, offset 1/2, is at 9.5; a logit of 0 is a belief of a half."""
    found = peaks(answer_of({(2, 3): (0, 0.5, 0.25, 2.5)}), (32, 40))
    assert found.centres.tolist() == [[9.5, 12.5]]
    assert (found.radii.tolist(), found.scores.tolist()) == ([2.5], [0.5])


def test_peaks_come_strongest_first_and_a_neighbour_is_none():
    found = peaks(answer_of({(1, 1): (1, 0.5, 0.5, 1), (1, 2): (0.5, 0.5, 0.5, 1), (5, 5): (2, 0.5, 0.5, 1)}), (32, 40))
    assert found.centres.tolist() == [[21.5, 21.5], [5.5, 5.5]]
    assert found.above(0.8).centres.tolist() == [[21.5, 21.5]]  # 1 / (1 + e^-1) = 0.73


def test_faint_peaks_are_none_and_only_so_many_are_kept():
    assert len(peaks(answer_of({(1, 1): (np.log(FAINTEST / (1 - FAINTEST)) - 0.1, 0, 0, 1)}), (32, 40)).scores) == 0
    cells = {(row, col): (row + col, 0, 0, 1) for row in (0, 3, 6) for col in (0, 3, 6)}
    assert peaks(answer_of(cells), (32, 40), most=2).scores == pytest.approx([1 / (1 + np.exp(-s)) for s in (12, 9)])


def test_a_centre_stays_in_the_frame_and_a_radius_above_half_a_pixel():
    found = peaks(answer_of({(0, 0): (3, -1, 0, -4), (7, 9): (2, 1.5, 0.9, 1)}), (31, 38))
    assert found.centres.tolist() == [[0, 0], [30, 37]]
    assert found.radii.tolist() == [0.5, 1]


def test_a_disc_of_radius_two_has_thirteen_pixels():
    spots = spots_of(((10, 12), 2, 0.75))
    instances = discs(spots, (20, 24))
    assert np.count_nonzero(instances == 1) == 13
    assert (instances[10, 14], instances[11, 14]) == (1, 0)
    score = Located(spots, instances).score()
    assert (score.dtype, score.max(), score.min()) == (np.float32, 0.75, 0)


def test_a_disc_covers_the_pixel_under_its_centre_however_small():
    assert np.argwhere(discs(spots_of(((3.5, 4.4), 0.1, 0.5)), (8, 9))).tolist() == [[4, 4]]


def test_the_stronger_disc_lies_on_top_and_the_border_cuts():
    instances = discs(spots_of(((0, 0), 2, 0.9), ((0, 2), 2, 0.4)), (6, 6))
    assert instances[0, :5].tolist() == [1, 1, 1, 2, 2]
    assert not discs(Spots(np.zeros((0, 2)), np.zeros(0), np.zeros(0)), (4, 4)).any()
