"""What is kept in Redis is shown to nobody else, made once for all who wait, and missed by nobody."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import datetime
from http.client import HTTPConnection
from urllib.parse import urlsplit
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from app.common import cache
from app.common.redis import OPTIONS, command
from local.waiting import wait_until
from tests.cast import Person
from tests.drill import size
from tests.rows import ask, connect
from tests.servers import second_app
from tests.stores import FragileRedis, contents

WAITING = "SELECT count(*) FROM pg_locks WHERE relation = 'core_list'::regclass AND NOT granted"
PAGES = ["/api/lists/", "/api/todos/"]
ALICE = UUID("019aac3e-7f5a-7c0e-9d6b-4f2a8c1e5b70")


@pytest.fixture(scope="module")
def app(redis: FragileRedis) -> Iterator[str]:
    with second_app(REDIS_URL=redis.url, GRANIAN_BLOCKING_THREADS="16") as url:
        yield url


def kept_for(redis: FragileRedis, person: Person, path: str) -> bytes:
    """Return the key of the answer that a person's request leaves, once the app trusts Redis again."""
    redis.flush()

    def is_there() -> bool:
        person.get(path)
        return bool(redis.client.keys("answer:*"))

    wait_until(is_there, 10, "the app doesn't come back to Redis")
    [key] = redis.client.keys("answer:*")
    assert isinstance(key, bytes)
    return key


@pytest.mark.parametrize("path", PAGES)
def test_an_answer_of_somebody_else_under_my_key_is_not_shown(
    redis: FragileRedis, alice: Person, bob: Person, path: str
) -> None:
    alice.make_todo(alice.make_list("Secrets"), "Buy a ring")
    secret = redis.client.get(kept_for(redis, alice, path)) or b""
    key = kept_for(redis, bob, path)
    mine = bob.get(path)
    redis.client.set(key, secret)

    answer = bob.get(path)

    assert b"ring" in secret or b"Secrets" in secret
    assert answer.content == mine.content


@pytest.mark.parametrize("plant", [b"", b"{}", b"lease:", b"\xff" * 5000])
def test_rubbish_in_the_place_of_an_answer_harms_nobody(redis: FragileRedis, alice: Person, plant: bytes) -> None:
    key = kept_for(redis, alice, "/api/lists/")
    mine = alice.get("/api/lists/")
    redis.client.set(key, plant, px=100)

    assert alice.get("/api/lists/").content == mine.content


def test_answers_are_kept_for_as_long_as_is_said(redis: FragileRedis, alice: Person) -> None:
    lives = [redis.client.ttl(kept_for(redis, alice, path)) for path in PAGES]

    assert lives == [pytest.approx(300, abs=2), pytest.approx(120, abs=2)]


def test_an_answer_that_is_very_long_is_not_kept(redis: FragileRedis, alice: Person) -> None:
    groceries = alice.make_list()
    new = [
        {"do": "create_todo", "title": "Buy oat milk", "list_id": groceries["id"], "description": "x" * 10_000}
        for _ in range(30)
    ]
    assert alice.post("/api/batch/", json={"commands": new}).ok

    key = kept_for(redis, alice, "/api/todos/")

    assert len(alice.get("/api/todos/").content) > 300_000
    assert len(contents(redis.client)[key]) < 100
    assert redis.client.ttl(key) <= 5


def test_a_time_zone_counts_at_once_though_redis_could_not_be_told(redis: FragileRedis, alice: Person) -> None:
    """A session's copy may know the old one for up to a minute."""
    alice.get("/api/lists/")
    day = datetime.now(ZoneInfo("Pacific/Kiritimati")).date()  # that the west does not have yet
    alice.make_todo(alice.make_list(), due_date=str(day))
    assert alice.patch("/auth/me/", json={"time_zone": "Pacific/Pago_Pago"}).ok
    redis.freeze()
    try:
        assert alice.patch("/auth/me/", json={"time_zone": "Pacific/Kiritimati"}).ok
    finally:
        redis.thaw()

    assert len(alice.get("/api/todos/?due=today").json()["results"]) == 1


@pytest.mark.drill
def test_of_all_who_ask_for_an_answer_at_once_at_most_three_make_it(redis: FragileRedis, alice: Person) -> None:
    """While the rows are locked, whoever makes the answer waits for them, and the others for the answer."""
    key = kept_for(redis, alice, "/api/lists/")
    fresh = contents(redis.client)[key]
    redis.client.delete(key)

    with crowd_of(size(50, 500), alice) as crowd, connect() as connection:
        connection.execute("LOCK TABLE core_list")
        for client in crowd:
            client.request("GET", "/api/lists/", headers={"Cookie": cookies_of(alice)})
        wait_until(lambda: ask(WAITING) > 0, 10, "nobody makes the answer")
        makers = most(lambda: ask(WAITING), seconds=0.5)  # half of the patience of those who wait
        connection.rollback()
        answers = {(answer.status, answer.read()) for answer in (client.getresponse() for client in crowd)}

    [(status, body)] = answers
    assert (status, body[:11]) == (200, b'{"results":')
    assert fresh.endswith(body)
    assert makers <= 3


@contextmanager
def crowd_of(number: int, person: Person) -> Iterator[list[HTTPConnection]]:
    """Yield so many connections to where a person's requests go, over which all can ask within one moment."""
    with ExitStack() as crowd:
        address = urlsplit(person.url).netloc
        yield [crowd.enter_context(closing(connected(HTTPConnection(address, timeout=20)))) for _ in range(number)]


def connected(client: HTTPConnection) -> HTTPConnection:
    client.connect()
    return client


def cookies_of(person: Person) -> str:
    return "; ".join(f"{name}={value}" for name, value in person.cookies.items())


def most(count: Callable[[], int], seconds: float) -> int:
    """Return the largest number that was counted in that time."""
    found, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        found = max(found, count())
    return found


@pytest.mark.parametrize("answer", [b"x" * (cache.MOST_KEPT + 1), LookupError()], ids=["long", "a problem"])
def test_who_waits_for_an_answer_that_is_not_kept_does_not_wait_for_all_others_too(answer: bytes | Exception) -> None:
    crowd, name = 8, uuid4().hex
    making = threading.Barrier(crowd - 1, timeout=10)
    first = threading.Event()

    def make() -> bytes:
        if first.is_set():
            making.wait()  # until all others are here
        first.set()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def ask(_number: int) -> None:
        with suppress(LookupError):
            cache.keep(name, ALICE, 60, make)

    with ThreadPoolExecutor(crowd) as threads:
        assert len([*threads.map(ask, range(crowd))]) == crowd


def test_a_problem_is_told_to_everybody_and_kept_for_nobody() -> None:
    name = uuid4().hex

    def fail() -> bytes:
        raise LookupError

    for _ in range(2):
        with pytest.raises(LookupError):
            cache.keep(name, ALICE, 60, fail)
    assert cache.keep(name, ALICE, 60, lambda: b"{}") == b"{}"


def test_threads_beyond_the_connections_go_on_without_redis_and_do_not_shut_it_out() -> None:
    crowd = int(OPTIONS["max_connections"]) + 10
    all_here = threading.Barrier(crowd, timeout=10)

    def hold(_number: int) -> bytes:
        all_here.wait()
        return cache.keep(uuid4().hex, ALICE, 60, lambda: b"{}")

    with ThreadPoolExecutor(crowd) as threads:
        assert {*threads.map(hold, range(crowd))} == {b"{}"}

    assert command("PING") == b"PONG"
