"""What the application's way past Django's cursors keeps of their promises."""

from collections.abc import Iterator
from contextlib import closing, suppress

import pytest
from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    NotSupportedError,
    OperationalError,
    connection,
    transaction,
)

from app.common.deadlines import OverdueError, deadline
from app.common.statements import change, fetch_all, fetch_one

pytestmark = pytest.mark.django_db(transaction=True)

STORE, STORED = "INSERT INTO jars VALUES (%s)", "SELECT label FROM jars ORDER BY label"


class SpilledError(Exception):
    """Something that goes wrong after the first jar."""


@pytest.fixture(autouse=True)
def _jars() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE jars (label text)")
    yield
    connection.close()


@pytest.fixture
def kept_jars() -> Iterator[None]:
    """Make the table one that outlives its connection."""
    change("DROP TABLE jars", [])
    change("CREATE TABLE jars (label text)", [])
    yield
    change("DROP TABLE jars", [])


def end_server_where(condition: bool) -> None:  # noqa: FBT001 - reads as a sentence
    """End the server's process that serves the connection of the test."""
    if not condition:
        return
    pid = connection.connection.info.backend_pid
    other = connection.copy()
    with closing(other), other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        assert cursor.fetchone() == (True,)


def test_what_fails_later_takes_back_its_first_statement() -> None:
    with suppress(SpilledError), transaction.atomic():
        change(STORE, ["plum"])
        raise SpilledError

    assert fetch_all(STORED, []) == []


def test_what_ends_well_is_there() -> None:
    with transaction.atomic():
        assert change(STORE, ["plum"]) == 1
        assert change(STORE, ["pear"]) == 1

    assert fetch_all(STORED, []) == [("pear",), ("plum",)]


def test_a_cursor_that_is_older_than_a_transaction_belongs_to_it() -> None:
    with connection.cursor() as cursor:
        with suppress(SpilledError), transaction.atomic():
            cursor.execute(STORE, ["plum"])
            raise SpilledError

        cursor.execute(STORED)
        assert cursor.fetchall() == []


def test_rows_copied_in_belong_to_the_transaction() -> None:
    with suppress(SpilledError), transaction.atomic(), connection.cursor() as cursor:
        with cursor.copy("COPY jars FROM STDIN") as copy:
            copy.write_row(["plum"])
        raise SpilledError

    assert fetch_all(STORED, []) == []


def test_nothing_is_left_open_by_a_transaction_that_asks_nothing() -> None:
    with transaction.atomic():
        pass

    change(STORE, ["plum"])
    assert fetch_one("SELECT pg_current_xact_id_if_assigned() IS NULL", []) == (True,)


@pytest.mark.parametrize("before", [[], ["plum"]], ids=["first", "second"])
def test_a_statement_that_fails_spoils_its_transaction_and_none_after_it(before: list[str]) -> None:
    def fail() -> None:
        with transaction.atomic():
            for label in before:
                change(STORE, [label])
            fetch_one("SELECT 1 / %s::int", [0])

    with pytest.raises(DataError):
        fail()

    assert fetch_one("SELECT 1 / %s::int", [1]) == (1,)
    assert fetch_all(STORED, []) == []


@pytest.mark.parametrize(("sql", "value"), [(STORE, "\x00"), (STORE, "\ud800"), ("SELECT * FROM nothing", None)])
def test_what_follows_a_statement_that_could_not_be_sent_belongs_to_the_transaction(sql: str, value: str) -> None:
    with suppress(SpilledError), transaction.atomic():
        with suppress(DatabaseError, ValueError):
            fetch_all(sql, [value] if value else [])
        change(STORE, ["plum"])
        raise SpilledError

    assert fetch_all(STORED, []) == []


def test_a_long_value_may_be_in_the_first_statement_of_a_transaction() -> None:
    with transaction.atomic():
        change(STORE, ["plum" * 1_000_000])

    assert fetch_one("SELECT sum(length(label)) FROM jars", []) == (4_000_000,)


def test_who_was_interrupted_gets_no_answer_to_what_was_asked_before() -> None:
    def ask_on() -> None:
        with transaction.atomic():
            with suppress(OverdueError), deadline(0.2):
                fetch_one("SELECT pg_sleep(%s)", [5])
            fetch_one("SELECT %s::text", ["plum"])

    with pytest.raises(DatabaseError):
        ask_on()
    assert fetch_one("SELECT %s::text", ["pear"]) == ("pear",)


@pytest.mark.parametrize("ended_before", [1, 2, 3], ids=["the first", "the second", "the end"])
def test_what_its_server_ends_is_told_and_not_stored(kept_jars: None, ended_before: int) -> None:  # noqa: ARG001
    def store_two() -> None:
        with transaction.atomic():
            for number, label in enumerate(("plum", "pear"), 1):
                end_server_where(number == ended_before)
                change(STORE, [label])
            end_server_where(ended_before == 3)

    with pytest.raises(OperationalError):
        store_two()
    connection.close()
    assert fetch_all(STORED, []) == []


def test_what_is_refused_at_the_very_end_is_told_and_not_stored(kept_jars: None) -> None:  # noqa: ARG001
    change("ALTER TABLE jars ADD UNIQUE (label) DEFERRABLE INITIALLY DEFERRED", [])

    def store_twice() -> None:
        with transaction.atomic():
            change(STORE, ["plum"])
            change(STORE, ["plum"])

    with pytest.raises(IntegrityError):
        store_twice()
    assert fetch_all(STORED, []) == []


def test_a_transaction_that_never_reached_its_server_ends_in_silence() -> None:
    other = connection.copy()
    try:
        other.commit()
        assert other.connection is None
    finally:
        other.close()


def test_a_transaction_begins_by_atomic_alone() -> None:
    with pytest.raises(NotSupportedError):
        transaction.set_autocommit(False)


def test_a_savepoint_may_be_the_first_thing_of_its_transaction() -> None:
    with transaction.atomic():
        with suppress(SpilledError), transaction.atomic():
            change(STORE, ["plum"])
            raise SpilledError
        change(STORE, ["pear"])

    assert fetch_all(STORED, []) == [("pear",)]


def test_a_savepoint_takes_back_its_own_part_alone() -> None:
    with transaction.atomic():
        change(STORE, ["pear"])
        with suppress(SpilledError), transaction.atomic():
            change(STORE, ["plum"])
            raise SpilledError

    assert fetch_all(STORED, []) == [("pear",)]


def test_a_connection_prepares_a_bounded_number_of_statements() -> None:
    for _ in range(2):
        for number in range(150):
            assert fetch_one(f"SELECT %s::int + {number}", [1]) == (number + 1,)

    prepared = fetch_one("SELECT count(*) FROM pg_prepared_statements", [])
    assert prepared is not None
    assert 0 < prepared[0] <= 100


def test_values_stand_by_order_or_by_name_and_may_come_twice() -> None:
    assert fetch_one("SELECT %s::text, %s::int %% 4", ["%s", 6]) == ("%s", 2)
    assert fetch_one("SELECT %(b)s::int, %(a)s::int, %(b)s::int", {"a": 1, "b": 2, "unused": 3}) == (2, 1, 2)
