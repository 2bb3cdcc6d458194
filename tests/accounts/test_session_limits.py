"""However many sessions there are: a user has a hundred at most, and to remove them holds nobody up."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.accounts.audit import events_of
from tests.accounts.session_rows import add_sessions
from tests.cast import Person
from tests.drill import size
from tests.rows import ask
from tests.servers import second_app
from tests.workers import Database, own_database

OF_USER = "SELECT count(*) FROM core_session WHERE user_id = (SELECT id FROM core_user WHERE email = %s)"
ENDED = timedelta(days=31)
# What a login and a read do to the tables, by a connection that bears no wait for a lock beyond a tenth of a second.
AS_A_REQUEST = """
SELECT 1 FROM core_user FOR UPDATE;
UPDATE core_session SET last_seen_at = last_seen_at WHERE expires_at > now();
"""


def test_the_hundred_and_first_login_ends_the_oldest_session(alice: Person) -> None:
    add_sessions(alice, 98)
    phone = alice.on_another_device()
    assert alice.get("/auth/me/").status_code == 200

    alice.on_another_device()

    assert [person.get("/auth/me/").status_code for person in (alice, phone)] == [401, 200]


@pytest.mark.drill
def test_of_a_hundred_and_five_logins_a_hundred_sessions_are_left(alice: Person) -> None:
    logins = size(7, 104)
    add_sessions(alice, 104 - logins)

    for _ in range(logins):
        alice.on_another_device()

    assert ask(OF_USER, alice.email) == 100
    assert events_of(alice).count("oldest_session_ended") == 5


def test_a_hundred_sessions_end_within_a_second(alice: Person) -> None:
    add_sessions(alice, 99)

    answer = alice.delete("/auth/sessions/")

    assert (answer.status_code, ask(OF_USER, alice.email)) == (204, 1)
    assert answer.elapsed.total_seconds() < 1


@pytest.fixture
def database() -> Iterator[Database]:
    with own_database() as database:
        yield database


@pytest.mark.drill
def test_while_ended_sessions_are_removed_no_request_waits_a_tenth_of_a_second_for_a_lock(database: Database) -> None:
    with second_app(DATABASE_URL=database.url) as url, ThreadPoolExecutor(1) as background:
        alice, bob = Person("alice", url), Person("bob", url)
        assert alice.sign_up().status_code == bob.sign_up().status_code == 201
        count = size(3000, 100_000)
        add_sessions(bob, count, aged=ENDED, database=database.name)

        purge = background.submit(database.manage, "purge_sessions")
        rounds = 0
        while not purge.done():
            with database.connect() as request:
                request.execute("SET lock_timeout = '100ms'")
                request.execute(AS_A_REQUEST)
            assert alice.log_in().status_code == alice.get("/api/lists/").status_code == 200
            rounds += 1

    assert (purge.result().stdout, purge.result().stderr) == (f"{count} sessions were purged.\n", "")
    assert rounds
