"""What waits in the database waits for a bounded time, and sees what happened meanwhile."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from local.waiting import wait_until
from tests.cast import Person
from tests.problems import assert_problem
from tests.rows import ask, connect, is_known, revision_of

WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE wait_event_type = 'Lock' AND starts_with(query, 'UPDATE core_user') AND datname = current_database()
"""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value"),
    [("statement_timeout", "5s"), ("lock_timeout", "2s"), ("idle_in_transaction_session_timeout", "10s")],
)
def test_every_connection_has_its_time_limits(name: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        assert cursor.fetchone() == (value,)


def test_a_write_that_waits_too_long_for_a_lock_asks_to_come_back(alice: Person) -> None:
    with connect() as other:
        other.execute("SELECT id FROM core_user WHERE email = %s FOR UPDATE", [alice.email])
        answer = alice.post("/api/lists/", json={"name": "Errands"})

    assert_problem(answer, 503, "unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    assert revision_of(alice) == 0
    assert alice.make_list()


def test_reading_waits_for_no_lock_of_a_write(alice: Person) -> None:
    with connect() as other:
        other.execute("SELECT id FROM core_user WHERE email = %s FOR UPDATE", [alice.email])

        assert alice.get("/api/lists/", timeout=1).status_code == 200


def test_a_write_of_an_account_that_is_deleted_meanwhile_is_nobodys(alice: Person) -> None:
    with ThreadPoolExecutor(1) as crowd:
        with connect() as other:
            other.execute("DELETE FROM core_user WHERE email = %s", [alice.email])
            write = crowd.submit(alice.post, "/api/lists/", json={"name": "Errands"})
            wait_until(lambda: ask(WAITING) > 0, 2, "the write doesn't wait for the row of its user")

        assert_problem(write.result(), 401, "unauthenticated")
    assert not is_known(alice.email)
    assert_problem(alice.post("/api/lists/", json={"name": "Errands"}), 401, "unauthenticated")
