import numpy as np
import pytest
import torch

from glimt.core.catalog import build
from glimt.core.errors import DataError
from glimt.data.augment import AUGMENTATIONS
from glimt.data.labels import LabelFolder
from glimt.recipes.full import full
from glimt.tasks.segment import segment
from glimt.training.examples import Examples, batches
from glimt.training.frames import open_splits
from glimt.training.plan import label_all


@pytest.fixture
def examples(settings, tmp_path):
    frames = open_splits(settings().data, 0).train
    label_all(frames, full().start, LabelFolder(tmp_path))
    return Examples(frames, LabelFolder(tmp_path), segment(), build(AUGMENTATIONS, "glimt", {"size": 32}), seed=4)


def test_an_example_depends_on_seed_epoch_and_number_alone(examples):
    again = Examples(examples.frames, examples.labels, examples.task, examples.augment, seed=4)
    assert torch.equal(examples[3][0], again[3][0])
    other = Examples(examples.frames, examples.labels, examples.task, examples.augment, seed=4, epoch=1)
    assert not torch.equal(examples[3][0], other[3][0])


def test_an_epoch_shows_each_labelled_frame_once(examples):
    first = examples.frames.records[0].id
    del examples.labels[first]
    loader = batches(examples, 4, 0)
    assert sorted(loader.sampler) == list(range(1, 11))
    assert sum(len(inputs) for inputs, _ in loader) == 10


def test_a_share_for_validation_is_drawn_with_the_seed(settings):
    data = settings().data

    def ids(seed):
        return [record.id for record in open_splits(data, seed).val.records]

    assert ids(0) == ids(0)
    assert ids(0) != ids(1)
    splits = open_splits(data, 0)
    assert len(splits.train) == 11
    assert len(splits.val) == 3
    assert splits.test is None


def test_clicks_from_a_file_choose_the_frames(settings, tmp_path):
    table = settings().data.model_dump(mode="json")
    names = [record.id for record in open_splits(settings().data, 0).train.records][:4]
    file = tmp_path / "clicks.csv"
    file.write_text("image,row,col\n" + "".join(f"{name},10,{i}\n" for i, name in enumerate(names)))
    splits = open_splits(settings(data=table | {"points": str(file), "val": None}).data, 0)
    assert len(splits.train) == 4
    assert sorted(sample.points.tolist() for sample in splits.train) == [[[10.0, float(i)]] for i in range(4)]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"points": "centrd"}, "neither a file nor a kind of click"),
        ({"val": 1.5}, "data.val is 1.5; give a share between 0 and 1"),
        ({"train": "nosuch"}, "has no split 'nosuch'"),
        ({"root": "nowhere"}, "no dataset at nowhere"),
    ],
)
def test_frames_that_cannot_be_found_are_said(settings, change, said):
    data = settings(data=settings().data.model_dump(mode="json") | change).data
    with pytest.raises(DataError, match=said):
        open_splits(data, 0)


def test_clicks_are_the_same_whatever_is_read_first(settings):
    table = settings().data.model_dump(mode="json") | {"points": "interior"}
    one, other = (open_splits(settings(data=table).data, 0).train for _ in range(2))
    backwards = [other[i].points for i in range(len(other) - 1, -1, -1)][::-1]
    assert all(np.array_equal(a.points, b) for a, b in zip(one, backwards, strict=True))
