"""The command line as a whole: quick, complete, and clear about what is not known."""

import json
import subprocess
import sys

import pytest

COMMANDS = ("label", "evaluate", "convert", "doctor", "synth", "demo", "bench", "list", "train")


def test_help_names_every_command(glimt):
    done = glimt("--help")
    assert done.code == 0
    assert all(command in done.out for command in COMMANDS)


@pytest.mark.parametrize("command", [*COMMANDS[:6], "bench labels", "list"])
def test_every_command_has_help_with_an_example(glimt, command):
    done = glimt(*command.split(), "--help")
    assert done.code == 0
    assert f"Example: glimt {command}" in " ".join(done.out.split())


RUN = """
import sys
sys.argv = ["glimt", *{arguments!r}]
try:
    from glimt.cli.main import main
    main()
except SystemExit:
    pass
print(sorted({heavy!r} & set(sys.modules)))
"""


def loaded(arguments, heavy):
    """Which of the heavy modules a command imports, in a process of its own."""
    code = RUN.format(arguments=[str(argument) for argument in arguments], heavy=heavy)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1]


def test_help_loads_nothing_heavy():
    assert loaded(["--help"], {"torch", "cv2", "matplotlib", "scipy", "numpy", "numba", "pydantic"}) == "[]"


def test_labelling_loads_no_torch_and_no_plots(small, tmp_path):
    arguments = ["label", small, small / "points.csv", tmp_path / "out"]
    assert loaded(arguments, {"torch", "matplotlib", "pandas", "numba"}) == "[]"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["label", "nowhere", "nothing.csv", "out"], "'nowhere' does not exist"),
        (["label", "--labeller", "fuse"], "--labeler"),
        (["labels"], "label"),
        (["synth", "out", "--frames", "many"], "'--frames'"),
    ],
)
def test_what_the_parser_refuses_is_one_line_too(glimt, tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    done = glimt(*arguments)
    assert done.code == 2
    assert len(done.err.splitlines()) == 1
    assert words in done.err


def test_without_a_command_there_is_help(glimt):
    assert "label" in glimt().out
    assert "labels" in glimt("bench").out


def test_list_tells_what_each_name_is(glimt):
    shown = json.loads(glimt("list", "--json").out)
    kinds = "labelers detectors networks losses tasks recipes augmentations optimizers schedules profiles layouts"
    assert set(shown) == set(kinds.split())
    assert all(text for names in shown.values() for text in names.values())
    wrong = glimt("list", "labeler")
    assert (wrong.code, "did you mean 'labelers'" in wrong.err) == (2, True)


def test_bench_prints_the_values_that_others_read(glimt, small):
    done = glimt(
        "bench",
        "labels",
        small,
        "--split",
        "train",
        "--points",
        "centroid",
        "--seed",
        0,
        "--labelers",
        "pmg,pamg,fuse,box",
        "--json",
    )
    assert done.code == 0
    scores = json.loads(done.out)
    for name in ("pmg", "pamg", "fuse", "box"):
        values = scores[name]
        fixed = {
            "iou",
            "miou",
            "niou",
            "pd",
            "fa",
            "area_ratio",
            "centroid_error",
            "radius_error",
            "targets",
            "us_per_target",
        }
        assert fixed <= set(values)
        assert values["targets"] == 2
        assert 0 <= values["iou"] <= 1
    assert scores["fuse"]["iou"] == 1.0
    assert scores["fuse"]["counts"]["hits"] == 2
    assert scores["run"]["prior"] == "point only"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--points", "centre"], "centroid"),
        (["--labelers", "pmgg"], "did you mean 'pmg'"),
        (["--split", "nothing"], "train_small"),
        (["--labelers", "pmg", "--set", "length=3"], "labeler.option=value"),
    ],
)
def test_bench_explains_a_wrong_option(glimt, small, arguments, words):
    done = glimt("bench", "labels", small, *arguments)
    assert (done.code, words in done.err) == (2, True), done.err


def test_bench_needs_masks(glimt, small):
    done = glimt("bench", "labels", small / "images")
    assert (done.code, "mask" in done.err) == (2, True)


def test_an_option_of_one_labeler_reaches_it(glimt, small):
    wide = glimt("bench", "labels", small, "--labelers", "box", "--set", "box.side=9", "--json")
    assert json.loads(wide.out)["box"]["area_ratio"] == pytest.approx(81 / 21)


@pytest.mark.slow
def test_demo_goes_the_whole_way(glimt, tmp_path):
    out = tmp_path / "demo"
    done = glimt("demo", out, "--frames", 6, "--epochs", 1, "--json")
    assert done.code == 0
    scores = json.loads(done.out)
    detectors = scores.pop("detectors")
    assert set(detectors) == {"labeler fuse", "detector from clicks", "detector from masks"}
    assert all(0 <= row["iou"] <= 1 for row in detectors.values())
    assert scores["fuse"]["iou"] > scores["box"]["iou"]
    assert (out / "labels" / "labels.csv").exists()
    page = (out / "report.html").read_text(encoding="utf-8")
    assert all(name in page for name in ("box", "pmg", "pamg", "fuse", "detector from clicks"))
    assert len(page) < 3_000_000
