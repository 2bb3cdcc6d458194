"""Tables that are changed under a running service do not stop it."""

from collections.abc import Iterator

import pytest

from tests.cast import Person
from tests.rows import connect
from tests.servers import second_app

WIDER = "ALTER TABLE core_list ALTER name TYPE varchar(201)"
AS_BEFORE = "ALTER TABLE core_list ALTER name TYPE varchar(200)"


@pytest.fixture(scope="module")
def app() -> Iterator[str]:
    with second_app(GRANIAN_BLOCKING_THREADS="4") as url:
        yield url


def change(statement: str) -> None:
    with connect() as connection:
        connection.execute(statement)


def test_what_was_prepared_before_a_migration_is_prepared_anew(alice: Person) -> None:
    groceries = alice.make_list()
    paths = ["/api/lists/", f"/api/lists/{groceries['id']}/"]
    for _ in range(8):
        assert {alice.get(path).status_code for path in paths} == {200}

    change(WIDER)
    try:
        reads = {alice.get(path).status_code for _ in range(20) for path in paths}
        changes = [alice.patch(paths[1], json={"name": f"Number {number}"}).status_code for number in range(12)]
    finally:
        change(AS_BEFORE)

    assert reads == {200}
    assert {*changes} <= {200, 503}
    assert changes[-1] == 200
