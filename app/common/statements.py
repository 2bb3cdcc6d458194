"""Prepared statements on Django's own connection, for reads that the ORM would make several times as dear."""

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connection
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
