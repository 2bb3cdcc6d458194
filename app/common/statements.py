"""Statements on Django's own connection that the ORM has no words for, or would make several times as dear.

Django's cursors write the values into the text, which makes every statement a new one, and read times in Python;
these send the values beside the text, and take rows in PostgreSQL's binary format. Errors and counting of statements
are Django's.
"""

from typing import TYPE_CHECKING, cast

from django.db import DEFAULT_DB_ALIAS, NotSupportedError, OperationalError, connection, connections
from psycopg.errors import DeadlockDetected, LockNotAvailable, QueryCanceled

from app.common.postgresql.prepared import Answer, Params, Row
from app.common.postgresql.standstill import PATIENT

if TYPE_CHECKING:
    from app.common.postgresql.base import DatabaseWrapper

OUTDATED = "cached plan must not change result type"
CONNECTIONS = """
SELECT state, count(*) FROM pg_stat_activity
WHERE application_name = 'doable' AND datname = current_database() AND state IS NOT NULL GROUP BY state
"""
PATIENCE = "SET LOCAL statement_timeout = '60s'"


def fetch_one(sql: str, params: Params) -> Row | None:
    """Return the first row of a prepared statement."""
    rows = run(sql, params).rows
    return rows[0] if rows else None


def fetch_all(sql: str, params: Params, *, is_planned_anew: bool = False) -> list[Row]:
    """Return all rows; the text is made of constants, so that there is a bounded number of statements.

    A statement whose best plan hangs on its values is ``is_planned_anew`` for them, which takes it a millisecond.
    """
    return run(sql, params, is_planned_anew=is_planned_anew).rows


def change(sql: str, params: Params) -> int:
    """Run a prepared statement that changes rows; return how many."""
    return run(sql, params).affected


def connections_by_state() -> dict[str, float]:
    """Count the connections of the application to its database, those of its jobs too, by what they do."""
    return dict(fetch_all(CONNECTIONS, []))


def be_patient() -> None:
    """Let statements take long until the end of the transaction, because there may be very many rows to change."""
    with connection.cursor() as cursor:
        cursor.execute(PATIENCE)
    connection.connection.longest = PATIENT


def is_broken_off(fault: OperationalError) -> bool:
    """Tell whether PostgreSQL works on, and has only broken off a statement that took or waited too long."""
    return isinstance(fault.__cause__, LockNotAvailable | QueryCanceled | DeadlockDetected)


def run(sql: str, params: Params, *, is_planned_anew: bool = False) -> Answer:
    """Return the whole answer to a statement."""
    database = cast("DatabaseWrapper", connections[DEFAULT_DB_ALIAS])
    try:
        return database.ask(sql, params, is_planned_anew=is_planned_anew)
    except NotSupportedError as fault:
        if OUTDATED not in str(fault):
            raise
        return run_anew(database, sql, params, fault)


def run_anew(database: "DatabaseWrapper", sql: str, params: Params, fault: NotSupportedError) -> Answer:
    """Run a statement on a new connection, because a migration has changed what the old one has prepared.

    Raise OperationalError within a transaction, which can't go on: trying again helps.
    """
    if database.in_atomic_block:
        database.close_at = 0  # at the end of the request
        raise OperationalError("the tables were changed meanwhile") from fault
    database.close()
    return database.ask(sql, params)
