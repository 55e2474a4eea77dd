import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from glimt.core.errors import DataError, OptionError, OutputError, TrainingError
from glimt.data.samples import read
from glimt.inference.model import load_model
from glimt.inference.predict import predict
from glimt.training.run import Run
from glimt.training.train import train


def rows(root, *without):
    without = {"seconds", "cpu_seconds", *without}
    return [{key: value for key, value in row.items() if key not in without} for row in Run(root).read_log()]


def weights(root, name="last"):
    from safetensors.torch import load_file

    return load_file(Run(root).checkpoint(name))


def equal(one, other):
    assert one.keys() == other.keys()
    return all(torch.equal(value, other[name]) for name, value in one.items())


def test_a_training_learns_and_leaves_a_whole_run(settings, tmp_path):
    train(settings(epochs=12, optimizer={"name": "adam", "lr": 0.03}), tmp_path / "run")
    run = Run(tmp_path / "run")
    log = run.read_log()
    assert [row["epoch"] for row in log] == list(range(1, 13))
    assert log[-1]["loss"] < 0.9 * log[0]["loss"]
    assert set(log[-1]["val"]) == {"iou", "niou", "pd", "fa"}
    assert len(run.labels) == 11
    assert len(run.val_labels) == 3
    facts = json.loads(run.facts.read_text())
    assert not set(facts["train"]) & set(facts["val"])
    card = json.loads(run.checkpoint("best-val").with_suffix(".json").read_text())
    best = max(log, key=lambda row: row["val"]["iou"])
    assert card["epoch"] == best["epoch"]
    assert card["origin"]["prior"] == "mask-trained"


def test_a_checkpoint_answers_as_the_network_that_was_trained(settings, tmp_path):
    learner = train(settings(), tmp_path / "run")
    model = load_model(Run(tmp_path / "run").checkpoint("last"))
    frame = read(learner_frames(settings)[0])
    found, known = (predict(network, model.task, frame) for network in (model.network, learner.answering))
    np.testing.assert_allclose(found, known, atol=1e-6)  # their memory formats differ


def learner_frames(settings):
    from glimt.data.dataset import open_dataset

    return open_dataset(settings().data.root).records()


def test_the_same_seed_gives_the_same_weights_and_another_seed_others(settings, tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        train(settings(seed=seed, epochs=1), tmp_path / name)
    assert equal(weights(tmp_path / "a"), weights(tmp_path / "b"))
    assert not equal(weights(tmp_path / "a"), weights(tmp_path / "c"))


def test_workers_change_nothing(settings, tmp_path):
    data = settings().data.model_dump(mode="json")
    train(settings(epochs=1), tmp_path / "none")
    train(settings(epochs=1, data=data | {"workers": 2}), tmp_path / "two")
    assert equal(weights(tmp_path / "none"), weights(tmp_path / "two"))


def test_points_alone_are_enough_for_the_recipe_pseudo(settings, tmp_path, scenes):
    train(settings(recipe={"name": "pseudo", "labeler": "box", "options": {"side": 3}}), tmp_path / "run")
    labels = Run(tmp_path / "run").labels
    areas = {int(labels[id].sum()) for id in labels}
    assert areas <= {9, 18}  # boxes of 3 x 3, one or two a frame
    card = json.loads(Run(tmp_path / "run").checkpoint("last").with_suffix(".json").read_text())
    assert card["origin"]["prior"] == "point only"


def test_accumulated_batches_give_the_step_of_their_sum(settings, tmp_path):
    plain = {
        "network": {"name": "plain_network:Plain"},
        "task": {"name": "segment", "loss": "bce"},
        "epochs": 1,
        "schedule": {"name": "constant"},
    }
    data = settings().data.model_dump(mode="json") | {"val": None}  # 14 frames
    big = settings(**plain, data=data, batch=14, optimizer={"name": "sgd", "lr": 0.1})
    train(big, tmp_path / "big")
    train(big.model_copy(update={"batch": 7, "accumulate": 2, "prior": None}), tmp_path / "small")
    train(big.model_copy(update={"prior": None}), tmp_path / "same")
    small, same = weights(tmp_path / "small"), weights(tmp_path / "same")
    for name, value in same.items():
        torch.testing.assert_close(small[name], value, rtol=1e-4, atol=1e-6)


def test_the_average_of_the_weights_is_what_is_kept(settings, tmp_path):
    learner = train(settings(ema=0.9, epochs=2), tmp_path / "run")
    kept = weights(tmp_path / "run")
    assert equal(kept, dict(learner.answering.state_dict()))
    now = learner.worker.unwrap_model(learner.network).state_dict()
    assert not equal(kept, now)


@pytest.mark.parametrize("ema", [None, 0.9])
def test_the_network_that_learns_starts_with_the_prior(settings, tmp_path, ema):
    still = {"optimizer": {"name": "sgd", "lr": 1e-12}, "epochs": 1, "bn_momentum": 1e-9}
    learner = train(settings(ema=ema, prior=0.02, **still), tmp_path / "run")
    frame = read(learner_frames(settings)[0])
    for network in (learner.learning, learner.answering):
        assert predict(network, load_model(tmp_path / "run").task, frame).mean() == pytest.approx(0.02, rel=0.3)


def test_bf16_trains_on_a_cpu(settings, tmp_path):
    train(settings(precision="bf16", epochs=2), tmp_path / "run")
    assert rows(tmp_path / "run")[-1]["loss"] < 2


def test_test_is_looked_at_only_by_name(settings, tmp_path):
    data = settings().data.model_dump(mode="json") | {"train": "train", "test": "test"}
    train(settings(data=data, epochs=1), tmp_path / "silent")
    train(settings(data=data, epochs=1, keep=["last", "best-test"]), tmp_path / "named")
    assert "test" not in rows(tmp_path / "silent")[-1]
    assert "test" in rows(tmp_path / "named")[-1]
    assert not Run(tmp_path / "named").checkpoint("best-val").exists()


def test_a_loss_that_is_no_number_stops_the_training(settings, tmp_path):
    with pytest.raises(TrainingError, match=r"loss became (nan|inf) in epoch 1; try a smaller optimizer.lr"):
        train(settings(optimizer={"name": "sgd", "lr": 1e30}), tmp_path / "run")


def test_a_batch_larger_than_the_frames_is_refused(settings, tmp_path):
    with pytest.raises(DataError, match="batch is 99, but only 11 frames"):
        train(settings(batch=99), tmp_path / "run")


def test_frames_without_any_target_are_refused(settings, tmp_path):
    from glimt.core.files import write_png
    from glimt.core.frames import read_pixels

    root = tmp_path / "empty"
    for record in learner_frames(settings)[:5]:
        pixels = read_pixels(record.image)
        write_png(root / "images" / record.image.name, pixels)
        write_png(root / "masks" / record.image.name, (0 * pixels).astype("uint8"))
    data = settings().data.model_dump(mode="json") | {"root": str(root)}
    with pytest.raises(TrainingError, match="labels of all 4 training frames are empty"):
        train(settings(data=data), tmp_path / "run")


def test_frames_without_masks_need_clicks(settings, tmp_path):
    from glimt.core.files import write_png
    from glimt.core.frames import read_pixels

    root = tmp_path / "bare"
    for record in learner_frames(settings)[:5]:
        write_png(root / record.image.name, read_pixels(record.image))
    data = settings().data.model_dump(mode="json") | {"root": str(root)}
    with pytest.raises(TrainingError, match="none of the 4 training frames has a label"):
        train(settings(data=data), tmp_path / "run")


def test_an_absent_gpu_is_said(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(OptionError, match="sees no GPU"):
        train(settings(device="cuda"), tmp_path / "run")
    with pytest.raises(TrainingError, match="fp16 needs a GPU"):
        train(settings(device="auto", precision="fp16"), tmp_path / "run")


def test_a_full_disk_leaves_the_old_checkpoint_whole(settings, tmp_path, monkeypatch):
    from pathlib import Path

    train(settings(epochs=1), tmp_path / "run")
    before = Run(tmp_path / "run").checkpoint("last").read_bytes()
    whole = Path.write_bytes

    def full(path, data):
        if "last" in path.name:
            whole(path, data[: len(data) // 2])
            raise OSError(28, "No space left on device")
        return whole(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    monkeypatch.setattr(Run, "open", lambda *arguments: Run(tmp_path / "run").state.unlink())
    with pytest.raises(OutputError, match="No space left on device"):
        train(settings(epochs=1, batch=3), tmp_path / "run")
    assert Run(tmp_path / "run").checkpoint("last").read_bytes() == before
    assert not list((tmp_path / "run" / "checkpoints").glob(".*"))


def test_a_run_begun_with_other_settings_is_refused(settings, tmp_path):
    train(settings(epochs=1), tmp_path / "run")
    with pytest.raises(OutputError, match="epochs was 1, now 2"):
        train(settings(epochs=2), tmp_path / "run")
    train(settings(epochs=2), tmp_path / "run", overwrite=True)
    assert len(Run(tmp_path / "run").read_log()) == 2


def test_a_finished_run_is_left_as_it_is(settings, tmp_path):
    train(settings(epochs=2), tmp_path / "run")
    before = Run(tmp_path / "run").log.read_bytes()
    train(settings(epochs=2), tmp_path / "run")
    assert Run(tmp_path / "run").log.read_bytes() == before


def test_watchers_see_every_step(settings, tmp_path):
    seen = []
    train(settings(epochs=2), tmp_path / "run", watch=seen.append)
    assert [(step.epoch, step.step, step.steps) for step in seen] == [(e, i, 3) for e in (1, 2) for i in (1, 2, 3)]


def test_frames_of_different_sizes_need_a_crop(settings, tmp_path):
    from glimt.training.examples import stack

    small, large = torch.zeros(1, 4, 4), torch.zeros(1, 5, 4)
    with pytest.raises(DataError, match=r"4 x 4, 5 x 4; take an augmentation that crops"):
        stack([(small, small), (large, large)])


def test_the_checkpoint_of_another_network_names_both(settings, tmp_path):
    train(settings(epochs=1), tmp_path / "run")
    with pytest.raises(DataError, match="checkpoint of 'tiny', not of 'acm'"):
        load_model(tmp_path / "run", "acm")


def test_weights_that_do_not_fit_their_card_are_refused(settings, tmp_path):
    from glimt.inference.checkpoint import read_checkpoint, write_checkpoint

    train(settings(epochs=1), tmp_path / "run")
    card, tensors = read_checkpoint(Run(tmp_path / "run").checkpoint("last"))
    write_checkpoint(tmp_path / "odd.safetensors", replace(card, network="acm", network_options={}), tensors)
    with pytest.raises(DataError, match="does not fit the network 'acm'"):
        load_model(tmp_path / "odd.safetensors")
