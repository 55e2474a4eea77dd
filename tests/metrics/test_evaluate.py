import dataclasses
import json

import numpy as np
import pytest

from glimt.core.catalog import build
from glimt.core.errors import DataError
from glimt.metrics import PROFILES
from glimt.metrics.evaluate import curves_and_bins, evaluate, merge, worst
from glimt.metrics.metric import STEP, exact_sum
from glimt.metrics.pair import Pair
from glimt.metrics.profiles import basicirstd


@pytest.mark.parametrize("name", PROFILES)
@pytest.mark.parametrize("seed", range(2))
def test_shards_add_up_to_the_whole_to_the_bit(noisy, name, seed):
    rng = np.random.default_rng(seed)
    order, cut = rng.permutation(len(noisy)), sorted(rng.integers(1, len(noisy), 2).tolist())
    shards = [part for part in np.split(order, cut) if len(part)]
    profile, more = build(PROFILES, name, {}), curves_and_bins()
    whole = evaluate(noisy, profile, more)
    merged = merge([evaluate([noisy[i] for i in part], profile, more) for part in shards], profile, more)
    assert merged.summary() == whole.summary()  # equality, not closeness
    assert merged.to_json()["tables"] == whole.to_json()["tables"]


@pytest.mark.parametrize("name", PROFILES)
def test_rows_add_up_to_the_raw_counts(noisy, name):
    result = evaluate(noisy, build(PROFILES, name, {}))
    for key in result.rows[0].counts:
        assert sum(row.counts[key] for row in result.rows) == result.counts[key]


@pytest.mark.parametrize("seed", range(5))
def test_sums_of_fractions_do_not_depend_on_their_order(seed):
    values = np.random.default_rng(seed).random(1000).tolist()
    forward, backward = 0.0, 0.0
    for value in values:
        forward += exact_sum([value])
    for value in reversed(values):
        backward += exact_sum([value])
    assert forward == backward == exact_sum(values)
    assert abs(forward - sum(values)) <= 1000 * STEP / 2


def test_report_is_json_and_says_none_where_nothing_was_counted():
    empty = np.zeros((8, 8), bool)
    text = json.dumps(evaluate([Pair(empty, empty, id="a")], basicirstd(), draws=5).to_json(), allow_nan=False)
    report = json.loads(text)
    assert report["pd"] is None
    assert report["rows"][0]["id"] == "a"
    assert report["profile"] == "basicirstd"


def test_values_and_raw_counts_lie_side_by_side(noisy):
    summary = evaluate(noisy, basicirstd()).summary()
    assert summary["pd"] == summary["hits"] / summary["targets"]
    assert summary["iou"] == summary["overlap"] / summary["union"]
    assert summary["images"] == len(noisy)


def test_pairs_are_read_one_at_a_time(noisy):
    alive = []

    def stream():
        for pair in noisy:
            alive.append(pair.id)
            yield pair

    assert evaluate(stream(), basicirstd()).values == evaluate(noisy, basicirstd()).values
    assert len(alive) == len(noisy)


def test_nothing_to_score_is_an_error():
    with pytest.raises(DataError, match="no image to score"):
        evaluate([], basicirstd())


def test_the_worst_image_misses_most(make_blocks):
    true = make_blocks((30, 30), (5, 5, 2, 2), (20, 20, 2, 2))
    near = make_blocks((30, 30), (5, 5, 2, 2), (20, 20, 2, 3))
    pairs = [Pair(true, true, id="right"), Pair(make_blocks((30, 30)), true, id="blind"), Pair(near, true, id="loose")]
    assert [row.id for row in worst(evaluate(pairs, basicirstd()), 2)] == ["blind", "loose"]


def test_a_threshold_changes_what_is_found(noisy):
    low = evaluate(noisy, dataclasses.replace(basicirstd(), threshold=0.1))
    assert low.threshold == 0.1
    assert low.counts["found_pixels"] == sum(int((pair.found > 0.1).sum()) for pair in noisy)


def test_frames_of_another_size_are_named(make_blocks):
    mask = make_blocks((8, 8))
    with pytest.raises(DataError, match=r"x: frame is \(8, 9\), true mask is \(8, 8\)"):
        evaluate([Pair(mask, mask, np.zeros((8, 9), np.float32), "x")], basicirstd())
