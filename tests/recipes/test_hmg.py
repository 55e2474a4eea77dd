"""HMG's two modules on toys worked by hand, and its second stage."""

import numpy as np
import pytest

from glimt.core.types import Sample
from glimt.recipes.hmg import hmg, hybrid
from glimt.recipes.recipe import Moment


def mask(*places, size=(50, 50)):
    made = np.zeros(size, dtype=bool)
    for place in places:
        made[place] = True
    return made


def test_false_alarms_go_and_missed_detections_come_back():
    """Of three answers one is at a point, one 20 + 20 px away is none; the second point was missed and has its mask."""
    initial = mask((10, 10), (40, 40))
    prediction = mask((10, 10), (10, 11), (30, 30))
    masks = hybrid(initial, prediction, np.array([[10.0, 10.0], [45.0, 46.0]]), radius=31)
    assert np.array_equal(masks.filtered, mask((10, 10), (10, 11)) | mask((30, 30)))  # 15 + 16 = 31 from the second
    far = hybrid(initial, prediction, np.array([[10.0, 10.0]]), radius=30)
    assert np.array_equal(far.filtered, mask((10, 10), (10, 11)))
    assert np.array_equal(far.hybrid, mask((10, 10), (10, 11), (40, 40)))


def test_labels_become_hybrids_once_and_a_table_says_how_good_they_are():
    true = mask((10, 10), (10, 11), (40, 40))
    sample = Sample("a", np.zeros((50, 50), dtype=np.float32), np.array([[10.0, 10.0], [40.0, 40.0]]), true * 1.0)
    answer = mask((10, 10), (10, 11), (25, 10)).astype(np.float32)
    recipe = hmg(stage=2, labeler="box", options={"side": 1}, radius=10)
    labels = {"a": recipe.start(sample)}
    assert np.array_equal(labels["a"] > 0, mask((10, 10), (40, 40)))
    for epochs in (1, 3):
        moment = Moment([0.0] * epochs, [sample], lambda some: (answer for _ in some), labels)
        recipe.refresh(moment)
        assert not moment.notes
    moment = Moment([0.0, 0.0], [sample], lambda some: (answer for _ in some), labels)
    recipe.refresh(moment)
    assert np.array_equal(labels["a"] > 0, true)
    ious = {name: row["iou"] for name, row in moment.notes["masks"].items()}
    assert ious == pytest.approx({"initial": 2 / 3, "prediction": 2 / 4, "filtered": 2 / 3, "hybrid": 1.0})
    assert moment.notes["masks"]["prediction"]["pd"] == 0.5
    assert recipe.restarts == (2,)
