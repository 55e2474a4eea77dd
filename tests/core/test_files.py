import numpy as np
import pytest

from glimt.core.errors import OutputError
from glimt.core.files import claim_output, draft, write_png, write_text


def write_and_fail(path, text, error):
    with draft(path) as beside:
        beside.write_text(text)
        raise error


def test_a_file_appears_whole_or_not_at_all(tmp_path):
    path = tmp_path / "deep" / "a.txt"
    with pytest.raises(KeyboardInterrupt):
        write_and_fail(path, "half", KeyboardInterrupt)
    assert list(path.parent.iterdir()) == []
    write_text(path, "whole\n")
    assert [(one.name, one.read_bytes()) for one in path.parent.iterdir()] == [("a.txt", b"whole\n")]


def test_a_failed_write_keeps_what_was_there(tmp_path):
    path = tmp_path / "a.txt"
    write_text(path, "old")
    with pytest.raises(ZeroDivisionError):
        write_and_fail(path, "new", ZeroDivisionError)
    assert path.read_text() == "old"


def test_a_place_that_cannot_be_is_one_line(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match=r"cannot write .*out\.png"):
        write_png(tmp_path / "file" / "out.png", np.zeros((2, 2), np.uint8))


def test_claiming_takes_an_empty_folder_and_refuses_a_filled_one(tmp_path):
    claim_output(tmp_path / "new", overwrite=False)
    (tmp_path / "empty").mkdir()
    claim_output(tmp_path / "empty", overwrite=False)
    write_text(tmp_path / "full" / "a", "")
    with pytest.raises(OutputError, match="--overwrite"):
        claim_output(tmp_path / "full", overwrite=False)
    claim_output(tmp_path / "full", overwrite=True)
