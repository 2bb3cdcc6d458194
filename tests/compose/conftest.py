"""The deployment is made once for all of these tests and removed with its data."""

from collections.abc import Iterator

import pytest

from tests.compose.deployment import Deployment


@pytest.fixture(scope="session")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    deployment = Deployment(tmp_path_factory.mktemp("compose"))
    try:
        result = deployment.deploy()
        assert result.returncode == 0, result.stdout + result.stderr
        assert f"{deployment.url}/api/docs/" in result.stdout
        yield deployment
    finally:
        deployment.remove()
