import numpy as np
import pytest

from glimt.core.errors import DataError
from glimt.labelers.calibrate import Reviewed, calibrate, target_ious
from glimt.labelers.fuse import Fuse


def gaussian(size=49, centre=(24, 24), width=2.5, height=0.5, ground=0.25):
    rows, cols = np.indices((size, size))
    squared = (rows - centre[0]) ** 2 + (cols - centre[1]) ** 2
    return (ground + height * np.exp(-squared / (2 * width**2))).astype(np.float32)


@pytest.mark.parametrize("tau", [0.2, 0.35, 0.5, 0.7])
def test_a_mask_ends_at_tau_of_the_height_above_the_background(tau):
    """Without noise the mask is known: exp(-r^2 / 2 w^2) >= tau. The ring's median adds less than 1 %."""
    image = gaussian()
    mask = Fuse(tau=tau)(image, np.array([[24.0, 24.0]])) > 0
    assert not (mask & (image < 0.25 + 0.5 * (tau - 0.01))).any()
    assert mask[image >= 0.25 + 0.5 * (tau + 0.02)].all()


def test_neighbours_stay_apart_at_a_low_level():
    image = np.maximum(gaussian(centre=(24, 19)), gaussian(centre=(24, 29)))
    instances = Fuse(tau=0.05)(image, np.array([[24.0, 19.0], [24.0, 29.0]]))
    assert not (instances[:, :24] == 2).any()
    assert not (instances[:, 25:] == 1).any()


def test_a_mask_without_an_edge_at_the_level_stays_as_it_was():
    """Beside a bright half-plane the flood runs into it and over the whole window: the vote's own mask is kept."""
    rows, cols = np.indices((90, 90))
    bump = 0.5 * np.exp(-((rows - 45) ** 2 + (cols - 38) ** 2) / 5)
    image = np.where(cols >= 42, 0.3, 0.1 + bump).astype(np.float32)
    click = np.array([[45.0, 38.0]])
    assert np.array_equal(Fuse(tau=0.05)(image, click), Fuse()(image, click))
    assert (Fuse(tau=0.6)(image, click) > 0).sum() < (Fuse()(image, click) > 0).sum()


def reviewed_at(level, frames=6):
    """Frames with two blobs each and masks that end at `level` of the height."""
    made = []
    for seed in range(frames):
        rng = np.random.default_rng(seed)
        clean = gaussian(centre=(14, 15), width=2 + rng.random()) + gaussian(centre=(34, 33), ground=0.0, width=2.2)
        instances = np.zeros(clean.shape, np.int32)
        instances[gaussian(centre=(34, 33), width=2.2) >= 0.25 + 0.5 * level] = 2
        instances[(clean - gaussian(centre=(34, 33), ground=0.0, width=2.2)) >= 0.25 + 0.5 * level] = 1
        noisy = (clean + 0.004 * rng.standard_normal(clean.shape)).astype(np.float32)
        made.append(Reviewed(noisy, np.array([[14.0, 15.0], [34.0, 33.0]]), instances))
    return made


def test_calibration_finds_the_level_that_the_masks_were_drawn_at():
    found = calibrate(reviewed_at(0.12), Fuse())
    assert found.targets == 12
    assert found.tau == 0.12
    assert found.scores["0.12"] > 0.9 > found.scores["own"]


def test_calibration_keeps_the_own_masks_where_no_level_is_better_by_the_margin():
    made = [frame._replace(instances=Fuse()(frame.image, frame.points)) for frame in reviewed_at(0.3)]
    found = calibrate(made, Fuse())
    assert found.tau is None
    assert found.scores["own"] == 1.0


def test_calibration_without_a_reviewed_target_is_refused():
    empty = [frame._replace(instances=frame.instances * 0) for frame in reviewed_at(0.3, frames=1)]
    with pytest.raises(DataError, match="no click lies in a reviewed mask"):
        calibrate(empty, Fuse())


def test_iou_of_instances_worked_by_hand():
    """Instance 1: drawn 3, true 2, shared 2 -> 2/3. Instance 2 has no true pixel. Instance 3: nothing drawn -> 0."""
    drawn = np.array([[1, 1, 1, 2, 0, 0]], np.int32)
    true = np.array([[1, 1, 0, 0, 3, 3]], np.int32)
    assert target_ious(drawn, true, 3) == [2 / 3, 0.0]
