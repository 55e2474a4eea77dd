import sys
from pathlib import Path

import numpy as np
import pytest

from glimt.core.errors import DataError
from glimt.core.files import write_png, write_text
from glimt.data.dataset import open_dataset

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from union import make_union


@pytest.fixture
def roots(tmp_path):
    made = []
    for name, ids in (("A", ["a1", "a2", "a3"]), ("B", ["b1", "b2"])):
        for id in ids:
            for folder in ("images", "masks"):
                write_png(tmp_path / name / folder / f"{id}.png", np.zeros((4, 4), dtype=np.uint8))
        write_text(tmp_path / name / "img_idx" / f"train_{name}.txt", "".join(f"{id}\n" for id in ids[:-1]))
        write_text(tmp_path / name / "img_idx" / f"test_{name}.txt", f"{ids[-1]}\n")
        made.append(tmp_path / name)
    return made


def test_a_union_has_the_splits_of_each_and_of_all(roots, tmp_path):
    for _ in range(2):  # the second time everything is there
        make_union(tmp_path / "A+B", roots)
    union = open_dataset(tmp_path / "A+B")
    ids = {split: [record.id for record in union.records(split)] for split in union.splits()}
    assert ids["train_all"] == ["a1", "a2", "b1"]
    assert ids["test_all"] == ["a3", "b2"]
    assert (ids["train_A"], ids["test_B"]) == (["a1", "a2"], ["b2"])
    assert all(record.mask is not None for record in union.records("train_all"))


def test_a_name_in_two_datasets_is_refused(roots, tmp_path):
    (roots[1] / "images" / "b1.png").rename(roots[1] / "images" / "a1.png")
    with pytest.raises(DataError, match=r"a1\.png is in two datasets"):
        make_union(tmp_path / "A+B", roots)
