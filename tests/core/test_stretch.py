import numpy as np
import pytest

from glimt.core.errors import OptionError
from glimt.core.stretch import stretch


def test_levels_between_the_percentiles_fill_the_screen():
    # 0..1000 in thousandths: percentiles 10 and 90 are 0.1 and 0.9; 0.5 is half way, 127.5, rounded to even.
    image = (np.arange(1001, dtype=np.float32) / 1000).reshape(7, 143)
    shown = stretch(image, 10, 90).ravel()
    assert shown.dtype == np.uint8
    assert (shown[:101] == 0).all()
    assert (shown[900:] == 255).all()
    assert shown[300] == 64  # 0.2 / 0.8 * 255 = 63.75
    assert (np.diff(shown.astype(int)) >= 0).all()


def test_a_narrow_sixteen_bit_range_becomes_visible_and_stays_untouched():
    image = (np.arange(6743, 7077, dtype=np.float32) / 65535).reshape(2, -1)
    before = image.copy()
    assert np.ptp(stretch(image)) == 255
    assert np.array_equal(image, before)


def test_one_target_on_a_flat_frame_is_shown():
    image = np.full((64, 64), 0.25, dtype=np.float32)
    image[30, 30] = 0.5
    assert stretch(image)[30, 30] == 255
    assert stretch(image)[0, 0] == 0


def test_a_frame_of_one_level_is_black():
    assert not stretch(np.full((8, 8), 0.7, dtype=np.float32)).any()


@pytest.mark.parametrize("pair", [(50, 50), (90, 10), (-1, 99), (1, 101)])
def test_percentiles_out_of_order_are_refused(pair):
    with pytest.raises(OptionError, match="low < high"):
        stretch(np.zeros((4, 4), dtype=np.float32), *pair)
