import json

import pytest
import yaml

from glimt.data.synthetic import SceneOptions, write_scenes


@pytest.fixture(scope="module")
def begin(tmp_path_factory):
    """Train three epochs under a recipe in a folder of its own; gives the run."""
    from glimt.training.read_config import parse
    from glimt.training.train import train

    root = tmp_path_factory.mktemp("trained")
    write_scenes(root / "scenes", 8, SceneOptions(size=(48, 48), targets=(1, 2)), seed=2)

    def make(name, **recipe):
        run = root / name
        table = {
            "data": {
                "root": str(root / "scenes"),
                "train": None,
                "val": None,
                "augment": {"name": "glimt", "size": 32},
            },
            "network": {"name": "tiny", "width": 2},
            "task": {"name": "segment", "loss": "focal_cornernet"},
            "recipe": {"name": name, **recipe},
            "epochs": 3,
            "batch": 4,
            "device": "cpu",
            "validation": {"every": 9},
            "keep": ["last"],
        }
        if not run.exists():
            train(parse(table), run)
        return run

    return make


@pytest.fixture
def lesps(begin):
    return begin("lesps", begin_epoch=1, every=1)


def test_report_says_of_a_real_run_what_its_log_says(glimt, lesps):
    done = glimt("report", lesps, "--json")
    assert done.code == 0, done.err
    said = json.loads(done.out)
    log = [json.loads(line) for line in (lesps / "log.jsonl").read_text().splitlines()]
    assert log[-1]["labels"].items() <= said.items()
    assert (said["updates"], said["last_update"], said["epochs"]) == (3, 3, 3)
    page = (lesps / "labels.html").read_text(encoding="utf-8")
    targets = said["targets"]
    assert targets >= 8
    assert page.count("<article") == targets
    assert page.count("<img") == targets * (2 + 4)  # frame, truth, and the labels of epochs 0 to 3
    assert "Without the frames" not in page
    assert str(lesps / "labels.html") == said["page"]


def test_report_may_be_asked_for_again_and_elsewhere(glimt, lesps, tmp_path):
    (lesps / "labels.html").write_text("an older page")
    assert glimt("report", lesps).code == 0
    done = glimt("report", lesps, "--out", tmp_path / "page.html", "--most", 2)
    assert done.code == 0
    assert str(tmp_path / "page.html") in done.err.replace("\n", "")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert page.count("<article") == 2
    again = glimt("report", lesps, "--out", tmp_path / "page.html")
    assert (again.code, "--overwrite" in again.err) == (2, True)


def test_report_of_hmg_has_its_masks(glimt, begin):
    run = begin("hmg", stage=2)
    assert glimt("report", run).code == 0
    page = (run / "labels.html").read_text(encoding="utf-8")
    assert all(words in page for words in ("Masks between the stages", "hybrid: what was missed", "After epoch 2"))
    rows = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    (masks,) = [row["masks"] for row in rows if "masks" in row]
    for one in masks.values():
        assert f"{100 * one['iou']:.2f} %" in page


@pytest.mark.parametrize(
    ("recipe", "said"),
    [(None, "is no run"), ("pseudo", "never changes a label"), ({"name": "lesps"}, "no table with a target")],
)
def test_a_folder_without_moving_labels_ends_in_one_line(glimt, tmp_path, recipe, said):
    if recipe is not None:
        (tmp_path / "config.yaml").write_text(yaml.safe_dump({"data": {"root": "x"}, "recipe": recipe}))
    done = glimt("report", tmp_path)
    assert done.code == 2
    assert said in done.err
    assert done.err.count("\n") == 1
    assert not (tmp_path / "labels.html").exists()


def test_report_has_help_with_an_example(glimt):
    assert "Example: glimt report runs/lesps" in " ".join(glimt("report", "--help").out.split())
