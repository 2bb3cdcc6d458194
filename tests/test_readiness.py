"""What the service says of itself, and what still works, where a part of it is missing.

Without PostgreSQL: ``test_error_shape.py``.
"""

from collections.abc import Iterator

import pytest
import requests
from django.db import connection
from django.test import Client

from local.port import claim
from tests.cast import Person
from tests.servers import second_app

READY = {"database": "ok", "migrations": "ok", "redis": "ok"}


def test_where_all_is_there_the_service_is_ready(anonymous: Person) -> None:
    answer = anonymous.get("/health/ready/")

    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "checks": READY})


@pytest.mark.django_db
def test_a_database_that_misses_a_migration_is_not_ready() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations)")

    answer = Client(headers={"host": "localhost"}).get("/health/ready/")

    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert answer.json() == {"status": "unavailable", "checks": READY | {"migrations": "pending"}}


@pytest.fixture(scope="module")
def app_without_redis() -> Iterator[str]:
    with second_app(REDIS_URL=f"redis://127.0.0.1:{claim(0)}/0") as url:
        yield url


def test_without_redis_the_service_is_ready_but_says_what_is_missing(app_without_redis: str) -> None:
    answer = requests.get(f"{app_without_redis}/health/ready/", timeout=20)

    assert answer.status_code == 200
    assert answer.json() == {"status": "degraded", "checks": READY | {"redis": "unreachable"}}


def test_without_redis_everything_works(app_without_redis: str) -> None:
    alice = Person("alice", app_without_redis)
    assert alice.sign_up().status_code == 201

    todo = alice.make_todo(alice.make_list())

    assert alice.get("/api/todos/").json()["results"] == [todo]
    assert alice.log_out().status_code == 204
