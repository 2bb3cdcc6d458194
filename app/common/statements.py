"""Statements that the ORM has no words for, or would make several times as dear."""

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connection, models
from django.db.backends.utils import CursorWrapper


def fetch_one(sql: str, params: Sequence[Any]) -> tuple[Any, ...] | None:
    """Return the first row; PostgreSQL plans the statement once for each connection (OPTIONS prepare_threshold).

    Django's cursors write the values into the text, which makes every statement a new one; this one sends them
    beside it. Errors and counting of statements are Django's.
    """
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    with CursorWrapper(psycopg.Cursor(connection.connection), connection) as cursor:
        cursor.execute(sql, params)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row


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
