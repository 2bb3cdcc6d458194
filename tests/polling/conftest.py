"""A Redis of its own, to be flushed, frozen, filled and killed, and an app that uses it."""

from collections.abc import Iterator

import pytest

from tests.stores import FragileRedis, fragile_redis


@pytest.fixture(scope="module")
def redis() -> Iterator[FragileRedis]:
    with fragile_redis() as redis:
        yield redis
