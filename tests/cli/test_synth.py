import json

import pytest
from typer.testing import CliRunner

from glimt.cli.main import app
from glimt.cli.synth import parse_range
from glimt.core.errors import OptionError, OutputError


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


def test_a_range_is_a_number_or_two():
    assert parse_range("2-12", "--scr") == (2, 12)
    assert parse_range("3.5", "--scr") == (3.5, 3.5)
    with pytest.raises(OptionError, match="--scr: 'a-b' is not a number or a range"):
        parse_range("a-b", "--scr")
