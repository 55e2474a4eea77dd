"""One way from what a person types to a labeler."""

import subprocess
import sys
from dataclasses import dataclass

import numpy as np
import pytest

from glimt.core.errors import DataError, OptionError, UnknownNameError
from glimt.labelers.fuse import Fuse
from glimt.labelers.make import make_labeler, prior_of
from glimt.labelers.p2b import P2b


@dataclass(frozen=True)
class Taught:
    """A labeler of another package, which says what it was taught by."""

    prior: str = "a book"

    def __call__(self, image, points):
        return np.zeros(image.shape, np.int32)


def test_a_name_of_the_catalog_is_what_it_was():
    assert make_labeler("fuse", {"tau": 0.3}) == Fuse(tau=0.3)
    assert make_labeler("p2b", {"labeler": "pmg"}) == P2b(labeler="pmg")


def test_a_name_of_the_catalog_wins_over_a_folder_of_that_name(tmp_path, monkeypatch):
    (tmp_path / "fuse").mkdir()
    monkeypatch.chdir(tmp_path)
    assert make_labeler("fuse") == Fuse()
    with pytest.raises(DataError, match="holds no checkpoint"):
        make_labeler("./fuse")


def test_an_import_path_needs_no_registration():
    assert prior_of(make_labeler(f"{__name__}:Taught")) == "a book"


def test_a_labeler_that_learnt_nothing_needs_points_alone():
    assert {prior_of(make_labeler(name)) for name in ("fuse", "pmg", "box", "p2b")} == {"point only"}


def test_p2b_has_the_prior_of_what_is_behind_the_box():
    assert prior_of(make_labeler("p2b", {"labeler": f"{__name__}:Taught"})) == "a book"


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("fuze", {}, r"no labeler 'fuze' \(did you mean 'fuse'\?\).*named by its path"),
        ("runs/nothing", {}, r"no labeler 'runs/nothing'; known: .*; a run of `glimt train` or a checkpoint"),
        ("fuse", {"taw": 0.3}, "option 'taw'"),
        ("p2b", {"labeler": "pang"}, "did you mean 'pamg'"),
    ],
)
def test_a_name_of_nothing_is_one_clear_line(name, options, message):
    with pytest.raises((UnknownNameError, OptionError), match=message):
        prior_of(make_labeler(name, options))


def test_a_folder_that_is_no_run_says_so(tmp_path):
    with pytest.raises(DataError, match=r"holds no checkpoint.*is it a run of `glimt train`"):
        make_labeler(str(tmp_path))


def test_a_trained_labeler_without_torch_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr("glimt.labelers.make.find_spec", lambda name: None)
    with pytest.raises(OptionError, match=r"needs torch: pip install 'glimt\[train\]'"):
        make_labeler(str(tmp_path))


def test_making_a_labeler_of_the_catalog_needs_no_torch():
    made = "import sys; from glimt.labelers.make import make_labeler; make_labeler('p2b')"
    code = f"{made}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
