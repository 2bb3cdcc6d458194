"""What operators can see of the service in numbers."""

from collections.abc import Iterator

import pytest
import requests

from local.waiting import wait_until
from tests.cast import Person
from tests.metrics.samples import Samples
from tests.rows import connect
from tests.servers import second_app
from tests.stores import FragileRedis, fragile_redis

PATIENCE = 20  # seconds
TODOS = {"method": "GET", "route": "api/todos/"}


@pytest.fixture(scope="module")
def redis() -> Iterator[FragileRedis]:
    with fragile_redis() as redis:
        yield redis


@pytest.fixture(scope="module")
def app(redis: FragileRedis) -> Iterator[str]:
    """Return a service that nobody else uses, so that whatever is counted was done here."""
    with second_app(REDIS_URL=redis.url) as url:
        yield url


def test_requests_are_counted_by_method_route_and_status(alice: Person, app: str) -> None:
    todo = alice.make_todo(alice.make_list())
    before = Samples.read(app)

    alice.get(f"/api/todos/{todo['id']}/")
    alice.get("/api/todos/00000000-0000-4000-8000-000000000000/")
    alice.get("/api/todos/?limit=0")

    found, item = Samples.read(app), {"method": "GET", "route": "api/todos/<id:todo_id>/"}
    assert grown(before, found, "doable_request_seconds_count", **item, status="200") == 1
    assert grown(before, found, "doable_request_seconds_count", **item, status="404") == 1
    assert grown(before, found, "doable_request_seconds_count", **TODOS, status="422") == 1
    assert grown(before, found, "doable_request_seconds_sum", **item, status="200") > 0


def grown(before: Samples, after: Samples, name: str, **labels: str) -> float:
    return after.of(name, **labels) - before.of(name, **labels)


def test_what_clients_make_up_is_no_label(app: str) -> None:
    for made_up in ("BREW", "BREWS"):
        requests.request(made_up, f"{app}/{made_up}", timeout=20)

    text = requests.get(f"{app}/metrics", timeout=20).text

    assert "BREW" not in text
    assert Samples.read(app).of("doable_request_seconds_count", method="other", route="", status="404") == 2


def test_statements_are_timed(alice: Person, app: str) -> None:
    before = Samples.read(app)

    alice.get("/auth/me/")

    found = Samples.read(app)
    assert grown(before, found, "doable_statement_seconds_count") >= 1
    assert grown(before, found, "doable_statement_seconds_sum") > 0


def test_statements_that_fail_are_counted(alice: Person, app: str) -> None:
    before = Samples.read(app)

    with connect() as connection:
        connection.execute("LOCK TABLE core_todo")
        assert alice.get("/api/todos/00000000-0000-4000-8000-000000000000/").status_code == 503
        connection.rollback()

    assert grown(before, Samples.read(app), "doable_statement_failures_total", error="OperationalError") == 1


def test_answers_that_are_kept_are_hits(alice: Person, app: str) -> None:
    alice.get("/api/todos/")
    before = Samples.read(app)

    alice.get("/api/todos/")

    found = Samples.read(app)
    assert grown(before, found, "doable_cache_reads_total", of="answers", found="hit") == 1
    assert grown(before, found, "doable_cache_reads_total", of="sessions", found="hit") == 1
    assert grown(before, found, "doable_cache_reads_total", of="answers", found="miss") == 0


def test_failed_logins_and_refusals_are_counted(alice: Person, app: str) -> None:
    before = Samples.read(app)
    intruder = Person("intruder", app)

    answers = [intruder.log_in(email=alice.email, password="wrong horse").status_code for _ in range(11)]

    found = Samples.read(app)
    refused = answers.count(429)
    assert refused > 0
    assert grown(before, found, "doable_account_events_total", event="login_failed") == 11 - refused
    assert sum(found[key] for key in found if key[0] == "doable_limit_refusals_total") >= refused


def test_a_redis_that_is_gone_and_back_shows(redis: FragileRedis, alice: Person, app: str) -> None:
    assert Samples.read(app).of("doable_redis_given_up") == 0
    redis.kill()
    for _ in range(3):
        alice.get("/api/todos/")

    found = Samples.read(app)
    assert found.of("doable_redis_given_up") == 1
    assert found.of("doable_redis_failures_total", error="ConnectionError") >= 3
    assert found.of("doable_cache_reads_total", of="answers", found="nothing") >= 1

    redis.start()
    wait_until(lambda: is_used_again(alice, app), PATIENCE, "the service does not come back to Redis")


def is_used_again(person: Person, app: str) -> bool:
    person.get("/api/todos/")
    return Samples.read(app).of("doable_redis_given_up") == 0


def test_without_postgresql_everything_that_was_counted_is_shown(unused_port: int) -> None:
    with second_app(DATABASE_URL=f"postgres://doable:doable@127.0.0.1:{unused_port}/doable") as url:
        found = Samples.read(url)

    assert found.of("doable_database_up") == 0
    assert found.of("doable_request_seconds_count", method="GET", route="health/live/", status="200") >= 1
