"""Servers with another REGISTRATION than that of the stack, and a world whose mail goes by SMTP."""

from collections.abc import Iterator

import pytest

from tests.accounts.post import PostOffice, post_office
from tests.cast import Person
from tests.servers import second_app
from tests.stores import FragileRedis, fragile_redis


@pytest.fixture(scope="module")
def redis() -> Iterator[FragileRedis]:
    with fragile_redis() as redis:
        yield redis


@pytest.fixture(scope="session")
def verifying_app() -> Iterator[str]:
    with second_app(REGISTRATION="verified", GRANIAN_BLOCKING_THREADS="4") as url:
        yield url


@pytest.fixture(scope="session")
def closed_app() -> Iterator[str]:
    with second_app(REGISTRATION="closed") as url:
        yield url


@pytest.fixture
def newcomer(verifying_app: str) -> Person:
    """Someone at a service that verifies addresses."""
    return Person("newcomer", verifying_app)


@pytest.fixture(scope="session")
def office() -> Iterator[PostOffice]:
    with post_office() as office:
        yield office
