"""What the tool writes is what `glimt train` reads."""

import json

import pytest
from annotate.projects import by, frame, write_frames

from glimt.annotate import gestures
from glimt.annotate.exports import export
from glimt.annotate.project import open_project
from glimt.annotate.propose import Clicks, Wish
from glimt.annotate.service import candidates, place
from glimt.annotate.values import Draft


@pytest.mark.slow
def test_frames_labelled_by_clicks_train_a_detector(tmp_path, monkeypatch, capsys):
    pytest.importorskip("torch")
    from glimt.cli.main import main

    places = {f"f{i}": (12 + i, 14 + 2 * i) for i in range(6)}
    project = open_project(
        write_frames(tmp_path / "set", {n: frame([(*p, 4000)], seed=i) for i, (n, p) in enumerate(places.items())})
    )
    for i, (name, click) in enumerate(places.items()):
        (made,) = candidates(project, name, Clicks((click,)), [Wish("fuse", {})])
        place(project, name, [Draft(f"00000000-0000-0000-0000-00000000000{i}", (click,), mask=made.mask)], by())
        gestures.finish(project.store, name, "done", 1, by())
    done = export(project, tmp_path / "labelled", "png")
    project.close()
    assert (done.frames, done.targets) == (6, 6)
    data = {"root": str(tmp_path / "labelled"), "train": None, "val": 0.34, "augment": {"name": "glimt", "size": 32}}
    config = {
        "data": data,
        "network": "tiny",
        "task": {"name": "segment", "loss": "soft_iou"},
        "recipe": "full",
        "epochs": 2,
    }
    (tmp_path / "config.yaml").write_text(json.dumps(config | {"batch": 2}))
    monkeypatch.setattr("sys.argv", ["glimt", "train", str(tmp_path / "config.yaml"), str(tmp_path / "run")])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0, capsys.readouterr().err
    rows = [json.loads(line) for line in (tmp_path / "run/log.jsonl").read_text().splitlines()]
    assert [row["epoch"] for row in rows] == [1, 2]
    assert (tmp_path / "run/checkpoints/last.safetensors").exists()
