from pathlib import Path

import numpy as np

import glimt


def test_no_public_name_has_disappeared():
    expected = (Path(__file__).parent / "public_names.txt").read_text().split()
    assert dir(glimt) == expected
    assert all(getattr(glimt, name) is not None for name in expected)


def test_the_public_names_go_from_a_click_to_a_score():
    """A 3x3 block drawn exactly: IoU 1."""
    image = np.full((40, 40), 0.2, np.float32)
    image[9:12, 19:22] = 0.8
    instances = glimt.draw(glimt.labeler("fuse"), image, np.array([[10.0, 20.0]])).instances
    score = glimt.evaluate([glimt.Pair(instances > 0, image > 0.5)], glimt.profile("basicirstd"))
    assert score.values["iou"] == 1.0
