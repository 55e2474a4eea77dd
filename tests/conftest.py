import os
from pathlib import Path

import pytest

os.environ.setdefault("OMP_NUM_THREADS", "1")

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real frames beside the project; tests that need it are skipped where it is absent."""
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.skip(f"real frames are not at {folder}")
    return folder


@pytest.fixture(scope="session")
def sirst(shared_data: Path) -> Path:
    return shared_data / "SIRST"


@pytest.fixture(scope="session")
def nudt(shared_data: Path) -> Path:
    return shared_data / "NUDT-SIRST"
