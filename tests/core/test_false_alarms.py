import numpy as np

from glimt.core.false_alarms import filter_false_alarms


def test_a_blob_stays_up_to_thirty_rows_and_columns_from_a_point_and_goes_beyond() -> None:
    """Worked by hand: centroids (2.5, 2.5), (20, 14) and (20, 15); the point is at (2, 2)."""
    mask = np.zeros((40, 40), dtype=bool)
    mask[2:4, 2:4] = True  # 1 away
    mask[20, 14] = True  # 18 + 12 = 30 away: not farther than 30
    kept = filter_false_alarms(mask, np.array([[2.0, 2.0]]))
    assert np.array_equal(kept, mask)
    mask[20, 14:17] = True  # its centroid is now (20, 15): 31 away
    kept = filter_false_alarms(mask, np.array([[2.0, 2.0]]))
    assert kept.sum() == 4
    assert kept[2:4, 2:4].all()


def test_one_near_point_of_several_is_enough() -> None:
    mask = np.zeros((90, 90), dtype=bool)
    mask[80, 80] = True
    assert filter_false_alarms(mask, np.array([[0.0, 0.0], [85.0, 60.0]])).any()
    assert not filter_false_alarms(mask, np.array([[0.0, 0.0], [85.0, 60.0]]), radius=24).any()


def test_without_points_all_is_false_and_without_blobs_nothing_is() -> None:
    mask = np.zeros((9, 9), dtype=bool)
    assert not filter_false_alarms(mask, np.array([[4.0, 4.0]])).any()
    mask[4, 4] = True
    assert not filter_false_alarms(mask, np.zeros((0, 2))).any()
