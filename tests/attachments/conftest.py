"""A todo to hang files on, and a service with little room whose folder of files the tests reach."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.attachments.small import Small
from tests.cast import Person
from tests.servers import second_app


@pytest.fixture
def milk(alice: Person, groceries: Any) -> Any:
    return alice.make_todo(groceries, "Buy oat milk")


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Small]:
    media = tmp_path_factory.mktemp("media")
    with second_app(MEDIA_ROOT=str(media), ATTACHMENTS_QUOTA_MIB="1", GRANIAN_BLOCKING_THREADS="4") as url:
        yield Small(url, media)
