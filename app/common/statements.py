"""Statements on Django's own connection that the ORM has no words for, or would make several times as dear.

Django's cursors write the values into the text, which makes every statement a new one; these send them beside it.
Errors and counting of statements are Django's.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Self

import psycopg
from django.db import OperationalError, connection, models
from django.db.backends.utils import CursorWrapper
from psycopg.errors import DeadlockDetected, LockNotAvailable, QueryCanceled

Params = Sequence[Any] | Mapping[str, Any]
Row = tuple[Any, ...]
PATIENCE = "SET LOCAL statement_timeout = '60s'"


class UnpreparedCursor(psycopg.Cursor[Row]):
    """A cursor whose every statement is planned for its values."""

    def execute(self, query: Any, params: Params | None = None, **options: Any) -> Self:
        return super().execute(query, params, **options | {"prepare": False})


def fetch_one(sql: str, params: Params) -> Row | None:
    """Return the first row; PostgreSQL plans the statement once for each connection (OPTIONS prepare_threshold)."""
    with executed(psycopg.Cursor, sql, params) as cursor:
        row: Row | None = cursor.fetchone()
        return row


def fetch_all(sql: str, params: Params, *, is_planned_anew: bool = False) -> list[Row]:
    """Return all rows; the text is made of constants, so that there is a bounded number of statements.

    A statement whose best plan hangs on its values is ``is_planned_anew`` for them, which takes it a millisecond.
    """
    with executed(UnpreparedCursor if is_planned_anew else psycopg.Cursor, sql, params) as cursor:
        rows: list[Row] = cursor.fetchall()
        return rows


def be_patient() -> None:
    """Let statements take long until the end of the transaction, because there may be very many rows to change."""
    with connection.cursor() as cursor:
        cursor.execute(PATIENCE)


def is_broken_off(fault: OperationalError) -> bool:
    """Tell whether PostgreSQL works on, and has only broken off a statement that took or waited too long."""
    return isinstance(fault.__cause__, LockNotAvailable | QueryCanceled | DeadlockDetected)


@contextmanager
def executed(kind: type[psycopg.Cursor[Row]], sql: str, params: Params) -> Iterator[CursorWrapper]:
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    with CursorWrapper(kind(connection.connection), connection) as cursor:
        cursor.execute(sql, params)
        yield cursor


def insert_if(row: models.Model, condition: str, params: Sequence[Any]) -> bool:
    """Insert a row where a condition of SQL holds, by one statement; return whether it did."""
    fields = [field for field in row._meta.local_concrete_fields if not field.generated]
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {row._meta.db_table} ({columns}) SELECT {places} WHERE {condition}"
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *params])
        return bool(cursor.rowcount)
