import json

import pytest
from typer.testing import CliRunner

from glimt.cli.main import app
from glimt.cli.synth import parse_range
from glimt.core.errors import GlimtError, OptionError, OutputError


def synth(*words):
    return CliRunner().invoke(app, ["synth", *map(str, words)])


def test_synth_says_in_json_what_it_wrote(tmp_path):
    result = synth(tmp_path / "d", "--frames", 3, "--size", 64, "--targets", 2, "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"out": str(tmp_path / "d"), "frames": 3, "targets": 6, "seed": 0}
    assert len(list((tmp_path / "d" / "images").iterdir())) == 3


def test_synth_finishes_its_own_folder_and_refuses_another(tmp_path):
    assert synth(tmp_path / "d", "--frames", 1, "--size", 64).exit_code == 0
    assert synth(tmp_path / "d", "--frames", 2, "--size", 64).exit_code == 0
    refused = synth(tmp_path / "d", "--frames", 2, "--size", 64, "--seed", 1)
    assert isinstance(refused.exception, OutputError)
    assert "--overwrite" in str(refused.exception)
    assert synth(tmp_path / "d", "--frames", 2, "--size", 64, "--seed", 1, "--overwrite").exit_code == 0


def test_synth_writes_sequences_too(tmp_path):
    asked = (
        "--sequences",
        2,
        "--frames",
        3,
        "--size",
        64,
        "--targets",
        1,
        "--speed",
        "0.5-1",
        "--jumps",
        1,
        "--specks",
        3,
    )
    result = synth(tmp_path / "d", *asked, "--json")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert (told["sequences"], told["frames"], told["targets"]) == (2, 6, 2)
    assert 1 <= told["points"] <= 6
    options = json.loads((tmp_path / "d" / "sequences.json").read_text())["options"]
    assert (options["speed"], options["jumps"], options["specks"]) == ([0.5, 1], [1, 1], 3)
    assert len(list((tmp_path / "d").glob("sequence_*/images/*.png"))) == 6


def test_synth_puts_targets_on_frames_that_it_is_given(tmp_path):
    assert synth(tmp_path / "stills", "--frames", 2, "--size", 96).exit_code == 0
    background = ("--background", tmp_path / "stills" / "images", "--stills")
    result = synth(tmp_path / "d", "--sequences", 2, "--frames", 2, "--size", 64, *background)
    assert result.exit_code == 0
    sequences = json.loads((tmp_path / "d" / "sequences.json").read_text())["sequences"]
    assert [one["background"] for one in sequences] == ["footage", "footage"]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--speed", "1-2"), "--speed is for sequences; add --sequences N"),
        (("--stills",), "--stills is for sequences"),
        (("--sequences", 1, "--stills"), "stills: there is no footage"),
        (("--sequences", 1, "--background", "cloud"), "did you mean 'clouds'"),
        (("--sequences", 1, "--background", "none/sky.mp4"), "no such file or folder"),
        (("--sequences", 1, "--jumps", "0.5"), "option 'jumps"),
        (("--sequences", 1, "--jitter", "-1"), "jitter: -1 is not possible; give 0 or more"),
    ],
)
def test_synth_refuses_what_makes_no_sequence(tmp_path, words, text):
    result = synth(tmp_path / "d", "--frames", 2, "--size", 64, *words)
    assert isinstance(result.exception, GlimtError)
    assert text in str(result.exception)
    assert not (tmp_path / "d").exists() or not list((tmp_path / "d").glob("sequence_*"))


def test_a_range_is_a_number_or_two():
    assert parse_range("2-12", "--scr") == (2, 12)
    assert parse_range("3.5", "--scr") == (3.5, 3.5)
    with pytest.raises(OptionError, match="--scr: 'a-b' is not a number or a range"):
        parse_range("a-b", "--scr")
