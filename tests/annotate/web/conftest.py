import pytest
from annotate.projects import frame, write_frames
from annotate.web.caller import Caller

from glimt.annotate.project import Options, open_project
from glimt.annotate.web.desk import Desk
from glimt.annotate.web.generators import offered


def desk_on(folder, readonly=False):
    project = open_project(folder, Options(readonly=readonly))
    return Desk(project, offered(project.labelers), "ann")


@pytest.fixture
def folder(tmp_path):
    """Two sequences; the first with a target that moves two columns a frame."""
    frames = {f"a/{i:03d}": frame([(10, 10 + 2 * i, 3000)], seed=i) for i in range(4)}
    return write_frames(tmp_path / "set", frames | {f"b/{i}": frame(seed=20 + i) for i in range(2)})


@pytest.fixture
def desk(folder):
    opened = desk_on(folder)
    yield opened
    opened.close()


@pytest.fixture
def web(desk):
    return Caller(desk)


@pytest.fixture
def watching(folder):
    """The same project as one who may only look sees it."""
    open_project(folder).close()
    opened = desk_on(folder, readonly=True)
    yield Caller(opened)
    opened.close()
