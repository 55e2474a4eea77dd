import json

import pytest
import yaml

from glimt.data.synthetic import SceneOptions, write_scenes


@pytest.fixture
def config(tmp_path):
    write_scenes(tmp_path / "scenes", 10, SceneOptions(size=(48, 48), targets=(1, 1)), seed=1)
    table = {
        "data": {"root": str(tmp_path / "scenes"), "train": None, "val": 0.2, "augment": {"name": "glimt", "size": 32}},
        "network": {"name": "tiny", "width": 2},
        "recipe": "pseudo",
        "epochs": 2,
        "batch": 4,
        "device": "cpu",
    }
    file = tmp_path / "clicks.yaml"
    file.write_text(yaml.safe_dump(table))
    return file


def test_train_tells_its_last_epoch_as_json(glimt, config, tmp_path):
    done = glimt("train", config, tmp_path / "run", "--json")
    assert done.code == 0
    row = json.loads(done.out)
    assert row["epoch"] == 2
    assert 0 <= row["val"]["iou"] <= 1


def test_train_shows_each_checkpoint_and_what_to_do_next(glimt, config, tmp_path):
    done = glimt("train", config, tmp_path / "run", "--set", "epochs=1")
    assert "best-val" in done.out
    assert "last" in done.out
    assert f"glimt predict {tmp_path / 'run'}" in done.err.replace("\n", "")


def test_train_again_is_quick_and_with_other_settings_refused(glimt, config, tmp_path):
    assert glimt("train", config, tmp_path / "run").code == 0
    assert glimt("train", config, tmp_path / "run").code == 0
    done = glimt("train", config, tmp_path / "run", "--set", "batch=2")
    assert done.code == 2
    assert "batch was 4, now 2" in done.err
    assert "--overwrite" in done.err


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("network=acmm", "no network 'acmm' (did you mean 'acm'?)"),
        ("recipe=pseud", "no recipe 'pseud' (did you mean 'pseudo'?)"),
        ("task.loss=bse", "no loss 'bse' (did you mean 'bce'?)"),
        ("optimizer=adm", "no optimizer 'adm' (did you mean 'adam'?)"),
        ("optimizer.l=1", "option 'l'"),
        ("schedule=cosin", "no schedule 'cosin' (did you mean 'cosine'?)"),
        ("data.augment.name=glint", "no augmentation 'glint' (did you mean 'glimt'?)"),
        ("validation.profile=basicirst", "no profile 'basicirst' (did you mean 'basicirstd'?)"),
        ("validation.by=iuo", "validation.by is 'iuo'"),
        ("epohcs=3", "did you mean 'epochs'?"),
        ("data.root=nowhere", "no dataset at nowhere"),
        ("batch=999", "batch is 999"),
        ("data.normalise=SIRTS", "did you mean"),
        ("tracker=tensorbord", "no tracker 'tensorbord' (did you mean 'tensorboard'?)"),
        ("tracker=tensorboard", "tracker 'tensorboard' is not installed here"),
    ],
)
def test_a_mistake_ends_in_one_line_before_anything_is_trained(glimt, config, tmp_path, change, said):
    done = glimt("train", config, tmp_path / "run", "--set", change)
    assert done.code == 2
    assert said in done.err
    assert done.err.count("\n") == 1
    assert not (tmp_path / "run" / "log.jsonl").exists()


def test_train_without_its_extra_says_what_to_install(glimt, config, tmp_path, monkeypatch):
    import importlib.util

    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "torch" else real(name))
    done = glimt("train", config, tmp_path / "run")
    assert done.code == 2
    assert "pip install 'glimt[train]'" in done.err
