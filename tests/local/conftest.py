"""One stack for the tests that only look, and a folder that its servers' user may reach."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local.supervisor import Supervisor, started


@pytest.fixture
def data() -> Iterator[Path]:
    """Return a data folder that doesn't exist yet."""
    with tempfile.TemporaryDirectory(prefix="doable-test-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "data"


@pytest.fixture(scope="module")
def shared_data() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="doable-test-"))
    folder.chmod(0o755)
    yield folder / "data"
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def running(shared_data: Path) -> Iterator[Supervisor]:
    with started(shared_data) as supervisor:
        yield supervisor
