import pytest
from annotate.projects import frame, write_frames

from glimt.annotate.project import open_project


@pytest.fixture
def folder(tmp_path):
    """Four frames of one sequence, each with a target two columns further on."""
    return write_frames(tmp_path / "set", {f"{i:03d}": frame([(10, 10 + 2 * i, 3000)], seed=i) for i in range(4)})


@pytest.fixture
def project(folder):
    opened = open_project(folder)
    yield opened
    opened.close()
