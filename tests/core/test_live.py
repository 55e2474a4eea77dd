"""Frames that do not wait: the newest is taken, the others are counted, and errors come last."""

import threading

import numpy as np
import pytest

from glimt.core.errors import FrameError
from glimt.core.live import Newest, paced
from glimt.inference.latency import Latencies


def images(count):
    return [np.full((2, 2), i, np.float32) for i in range(count)]


def test_who_is_quick_enough_loses_nothing():
    taken = threading.Semaphore(1)

    def source():
        for image in images(5):
            taken.acquire()
            yield image

    newest, numbers = Newest(source()), []
    for number, image in newest:
        numbers.append((number, int(image[0, 0])))
        taken.release()
    assert numbers == [(i, i) for i in range(5)]
    assert newest.dropped == 0


def test_of_frames_that_come_too_quickly_the_newest_is_taken():
    """All ten frames come while the first is being looked at: the tenth is next, and eight are lost."""
    come = threading.Event()
    looking = threading.Event()

    def source():
        all = images(10)
        yield all[0]
        looking.wait()
        yield from all[1:]
        come.set()

    newest, numbers = Newest(source()), []
    for number, _ in newest:
        numbers.append(number)
        looking.set()
        come.wait()
    assert numbers == [0, 9]
    assert newest.dropped == 8


def test_what_goes_wrong_is_raised_behind_the_last_frame():
    def source():
        yield images(1)[0]
        raise FrameError("gone")

    seen = []
    with pytest.raises(FrameError, match="gone"):
        seen.extend(number for number, _ in Newest(source()))
    assert seen in ([0], [])


def test_a_pace_is_kept():
    import time

    start = time.monotonic()
    assert len(list(paced(images(5), 50))) == 5
    assert time.monotonic() - start >= 4 / 50


def test_percentiles_are_those_of_the_durations_to_two_percent():
    rng = np.random.default_rng(0)
    seconds = rng.gamma(3, 0.01, 5000)
    seen = Latencies()
    for one in seconds:
        seen.add(float(one))
    for share in (0.5, 0.9, 0.99):
        assert seen.percentile(share) == pytest.approx(1e3 * np.quantile(seconds, share), rel=0.02)
    bars = seen.bars(10)
    assert sum(count for *_, count in bars) == 5000
    assert all(low < high for low, high, _ in bars)
    assert Latencies().bars() == []
    assert Latencies().percentile(0.5) == 0
