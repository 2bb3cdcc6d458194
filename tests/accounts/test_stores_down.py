"""Where neither PostgreSQL nor Redis answers, nobody is logged out, and nothing is left half done."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import requests
from psycopg import sql

from local.waiting import wait_until
from tests.cast import PASSWORD, Person
from tests.problems import assert_problem
from tests.processes import frozen_postgresql
from tests.routes import ROUTES, belongings, call
from tests.servers import second_app
from tests.stores import FragileRedis
from tests.workers import Database, own_database

NEW = "another horse battery staple"
SOON = 20  # seconds
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
WITH_STORES = [route for route in ROUTES if route.path.startswith("/auth/") or "{" in route.path]


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    with own_database() as database:
        yield database


@pytest.fixture(scope="module")
def app(redis: FragileRedis, database: Database) -> Iterator[str]:
    with second_app(REDIS_URL=redis.url, DATABASE_URL=database.url) as url:
        yield url


@contextmanager
def no_stores(redis: FragileRedis, database: Database) -> Iterator[None]:
    redis.kill()
    database.admit(anyone=False)
    try:
        yield
    finally:
        database.admit(anyone=True)
        redis.start()


def assert_goes_on(person: Person, cookies: dict[str, str]) -> None:
    """Check that the cookies of before are still there and still good for reading and writing."""
    assert dict(person.cookies) == cookies
    assert person.get("/auth/me/").status_code == 200
    assert person.make_list()


def test_without_both_every_route_asks_to_come_back_and_takes_no_cookie_away(
    redis: FragileRedis, database: Database, alice: Person
) -> None:
    ids, cookies = belongings(alice, database.name), dict(alice.cookies)

    with no_stores(redis, database):
        for route in WITH_STORES:
            answer = call(alice, route, ids)
            assert_problem(answer, 503, "unavailable")
            assert int(answer.headers["Retry-After"]) > 0
            assert "Set-Cookie" not in answer.headers

    assert_goes_on(alice, cookies)


def test_while_both_stand_still_no_cookie_is_taken_away(redis: FragileRedis, alice: Person) -> None:
    cookies = dict(alice.cookies)
    redis.freeze()
    with ThreadPoolExecutor(1) as background:
        with frozen_postgresql():
            waiting = background.submit(alice.get, "/api/lists/")
            with pytest.raises(TimeoutError):
                waiting.result(timeout=2)
        answer = waiting.result()
    redis.thaw()

    assert answer.status_code in {200, 503}
    assert "Set-Cookie" not in answer.headers
    assert_goes_on(alice, cookies)


# --- PostgreSQL ends in the middle ----------------------------------------------------------------


def log_in(person: Person) -> requests.Response:
    return person.post("/auth/login/", json=person.credentials)


def reauthenticate(person: Person) -> requests.Response:
    return person.post("/auth/reauthenticate/", json={"password": PASSWORD})


def change_password(person: Person) -> requests.Response:
    return person.post("/auth/password/change/", json={"current_password": PASSWORD, "new_password": NEW})


@pytest.mark.parametrize(
    ("work", "table"),
    [
        (log_in, "core_user"),
        (log_in, "core_session"),
        (reauthenticate, "core_session"),
        (change_password, "core_user"),
        (change_password, "core_session"),
    ],
)
def test_what_is_cut_off_in_the_middle_is_undone_as_a_whole(
    database: Database, alice: Person, work: Callable[[Person], requests.Response], table: str
) -> None:
    cookies = dict(alice.cookies)
    with ThreadPoolExecutor(1) as background, database.connect() as lock:
        lock.execute(sql.SQL("SELECT 1 FROM {} FOR UPDATE").format(sql.Identifier(table)))
        waiting = background.submit(work, alice)
        wait_until(lambda: database.ask(WAITING) == 1, SOON, "the request does not reach the session's row")
        database.admit(anyone=False)
        answer = waiting.result()
        database.admit(anyone=True)

    assert_problem(answer, 503, "unavailable")
    assert "Set-Cookie" not in answer.headers
    assert_goes_on(alice, cookies)
    assert [alice.log_in(password=NEW).status_code, alice.log_in().status_code] == [401, 200]


@pytest.mark.parametrize("work", [log_in, reauthenticate, change_password], ids=lambda work: work.__name__)
def test_what_waits_for_a_database_that_stands_still_is_done_or_not_done(
    alice: Person, work: Callable[[Person], requests.Response]
) -> None:
    with ThreadPoolExecutor(1) as background:
        with frozen_postgresql():
            waiting = background.submit(work, alice)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=1)
        answer = waiting.result()

    assert answer.status_code in {200, 503}
    if answer.ok:
        alice.headers["X-CSRFToken"] = answer.json()["csrf_token"]
    assert_goes_on(alice, dict(alice.cookies))
    changed = answer.ok and work is change_password
    assert alice.log_in(password=NEW if changed else PASSWORD).status_code == 200
