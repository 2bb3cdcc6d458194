"""A session that has ended does not come back, however slow a reader was that had found it still there."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

import pytest
from requests.adapters import HTTPAdapter

from local.waiting import wait_until
from tests.accounts.session_rows import add_sessions
from tests.cast import Person
from tests.drill import size
from tests.processes import frozen, processes_with
from tests.rows import ask, connect
from tests.servers import second_app

pytestmark = pytest.mark.drill

SLOW_READS = 8  # at once: as many as the app of the slow readers has threads
RACES, READERS, AT_ONCE = size(40, 4000), 4, 3
CONNECTIONS = HTTPAdapter(pool_maxsize=AT_ONCE * (READERS + 1))
SOON = 20  # seconds
# A reader of a session that was last seen a while ago notes that it saw it, for which it needs the row's lock.
LONG_AGO = timedelta(minutes=2)
LOCK = """
SELECT s.id FROM core_session s JOIN core_user u ON u.id = s.user_id
WHERE u.email = %s AND token_hash IN (SELECT sha256(token::bytea) FROM unnest(%s::text[]) AS token) FOR UPDATE OF s
"""
WAITING = "SELECT coalesce(array_agg(pid), '{}') FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
BUSY = "SELECT count(*) FROM pg_stat_activity WHERE pid = ANY(%s) AND state <> 'idle'"


@pytest.fixture(scope="module")
def app() -> Iterator[str]:
    with second_app(GRANIAN_WORKERS="2") as url:
        yield url


@pytest.fixture(scope="module")
def slow_app() -> Iterator[str]:
    with second_app(GRANIAN_BLOCKING_THREADS=str(SLOW_READS)) as url:
        yield url


def browser_with(person: Person, token: str, url: str) -> Person:
    """Return a client with a session's token, and a CSRF token for a logout."""
    browser = Person("browser", url)
    browser.mount("http://", CONNECTIONS)
    browser.cookies.update({"csrftoken": person.cookies["csrftoken"], "sessionid": token})
    browser.headers["X-CSRFToken"] = person.headers["X-CSRFToken"]
    return browser


def read(person: Person, url: str, token: str) -> int:
    return browser_with(person, token, url).get("/api/lists/").status_code


def log_out(person: Person, token: str) -> None:
    assert browser_with(person, token, person.url).log_out().status_code == 204


def test_a_reader_that_found_the_row_before_the_logout_brings_nothing_back_after_it(
    alice: Person, slow_app: str
) -> None:
    """Readers find the rows, stand still while all of these sessions are logged out elsewhere, and go on."""
    servers = processes_with(f"GRANIAN_PORT={urlsplit(slow_app).port}")
    for _ in range(size(2, 10_000 // SLOW_READS)):
        tokens = add_sessions(alice, SLOW_READS, unseen=LONG_AGO)

        with ThreadPoolExecutor(SLOW_READS) as readers:
            reads = start_slow_reads(readers, alice, slow_app, servers, tokens)

        assert {each.result() for each in reads} == {200}
        assert [read(alice, slow_app, token) for token in tokens] == [401] * SLOW_READS


def start_slow_reads(
    readers: ThreadPoolExecutor, alice: Person, slow_app: str, servers: list[int], tokens: list[str]
) -> list[Future[int]]:
    with connect() as lock:
        lock.execute(LOCK, [alice.email, tokens])
        reads = [readers.submit(read, alice, slow_app, token) for token in tokens]
        wait_until(lambda: len(ask(WAITING)) == SLOW_READS, SOON, "the readers don't wait for the rows")
        waiting = ask(WAITING)
        with frozen(servers), ThreadPoolExecutor(AT_ONCE) as devices:
            lock.commit()
            wait_until(lambda: ask(BUSY, waiting) == 0, SOON, "the readers' statements don't end")
            list(devices.map(partial(log_out, alice), tokens))
    return reads


def test_a_session_that_ends_while_many_read_with_it_has_ended(alice: Person) -> None:
    tokens = add_sessions(alice, RACES, unseen=LONG_AGO)

    with ThreadPoolExecutor(AT_ONCE) as racers:
        races = list(racers.map(partial(race, alice), tokens))

    meanwhile = Counter(status for statuses, _ in races for status in statuses)
    assert meanwhile.keys() == {200, 401}, "the readers did not meet the logouts"
    assert Counter(after for _, after in races) == {401: RACES}


def race(alice: Person, token: str) -> tuple[list[int], int]:
    """Read with a session that has no copy yet while it is logged out; return what was read meanwhile, and after."""
    with ThreadPoolExecutor(READERS) as readers:
        reads = [readers.submit(read, alice, alice.url, token) for _ in range(READERS)]
        log_out(alice, token)
    return [each.result() for each in reads], read(alice, alice.url, token)
