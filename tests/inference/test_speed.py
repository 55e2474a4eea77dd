"""What is measured in turn, and the numbers made of it, worked by hand."""

import time

import numpy as np
import pytest

pytest.importorskip("torch")

from glimt.inference.speed import WARM, interleaved, summary


def test_calls_are_made_in_turn_and_the_first_ones_do_not_count():
    made = []
    taken = interleaved({"a": lambda: made.append("a"), "b": lambda: made.append("b")}, 2)
    assert made == ["a", "b"] * (WARM + 2)
    assert {name: len(each) for name, each in taken.items()} == {"a": 2, "b": 2}


def test_a_summary_is_of_medians_and_the_tail_of_the_stream():
    taken = {"triplet": np.array([30.0, 10.0, 20.0]), "stream": np.arange(101.0) / 10}
    assert summary(taken) == {
        "triplet_ms": 20.0,
        "stream_ms": 5.0,
        "ratio": 0.25,
        "p50_ms": 5.0,
        "p90_ms": 9.0,
        "p99_ms": 9.9,
    }


@pytest.mark.parametrize(("threads", "counted"), [(1, False), (2, True)])
def test_waiting_counts_only_where_several_threads_work(threads, counted):
    taken = interleaved({"wait": lambda: time.sleep(0.01)}, 2, threads)
    assert (taken["wait"] > 9).all() == counted
