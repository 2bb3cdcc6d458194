"""What the service says of itself, and what still works, where a part of it is missing.

Without PostgreSQL: ``test_error_shape.py``; on a full disk: ``attachments/test_disk.py``.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests

from tests.cast import Person, created
from tests.processes import frozen_postgresql
from tests.servers import second_app
from tests.workers import own_database

READY = {"database": "ok", "migrations": "ok", "redis": "ok", "files": "ok"}


def test_where_all_is_there_the_service_is_ready(anonymous: Person) -> None:
    answer = anonymous.get("/health/ready/")

    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "checks": READY})


def test_a_database_that_misses_a_migration_is_not_ready() -> None:
    with own_database() as database, second_app(DATABASE_URL=database.url) as url:
        with database.connect() as connection:
            connection.execute("DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations)")

        answer = requests.get(f"{url}/health/ready/", timeout=20)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert answer.json() == {"status": "unavailable", "checks": READY | {"migrations": "pending"}}


def test_a_database_that_stands_still_is_not_ready_and_that_is_said_soon(anonymous: Person) -> None:
    with frozen_postgresql():
        answer = anonymous.get("/health/ready/")

    assert (answer.status_code, answer.elapsed < timedelta(seconds=5)) == (503, True)
    assert answer.json()["checks"] == READY | {"database": "unreachable", "migrations": "unreachable"}


def test_without_the_folder_of_the_files_the_service_is_degraded() -> None:
    with second_app(MEDIA_ROOT="/nowhere") as url:
        answer = requests.get(f"{url}/health/ready/", timeout=20)

    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["checks"] == READY | {"files": "unreachable"}


@pytest.fixture(scope="module")
def app_without_redis(unused_port: int) -> Iterator[str]:
    with second_app(REDIS_URL=f"redis://127.0.0.1:{unused_port}/0") as url:
        yield url


def test_without_redis_the_service_is_ready_but_says_what_is_missing(app_without_redis: str) -> None:
    answer = requests.get(f"{app_without_redis}/health/ready/", timeout=20)

    assert answer.status_code == 200
    assert answer.json() == {"status": "degraded", "checks": READY | {"redis": "unreachable"}}


def test_without_redis_everything_works(app_without_redis: str) -> None:
    alice = Person("alice", app_without_redis)
    created(alice.sign_up())

    todo = alice.make_todo(alice.make_list())

    assert alice.get("/api/todos/").json()["results"] == [todo]
    assert alice.log_out().status_code == 204
