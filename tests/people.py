"""Many people from one sign-up: what it has left is left again, under another address and with secrets of its own.

A sign-up hashes a password, for which a thousand tests that are about something else would wait.
"""

import json
from datetime import datetime, timedelta
from typing import Any, LiteralString, cast

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils import timezone
from psycopg import sql
from uuid_utils.compat import uuid7

from app.accounts.models import User
from app.accounts.tokens import hash_token, new_token
from tests.cast import Person, created
from tests.rows import connect, kept

# The tables of what belongs to someone, with the columns that the database does not fill by itself.
TABLES = """
SELECT table_name, array_agg(column_name::text) FROM information_schema.columns
WHERE table_schema = 'public' AND is_generated = 'NEVER'
GROUP BY table_name HAVING table_name = 'core_user' OR bool_or(column_name = 'user_id')
ORDER BY table_name <> 'core_user', table_name
"""
LEFT: LiteralString = """
SELECT to_jsonb(row) FROM {table} AS row
WHERE {owner} = (SELECT id FROM core_user WHERE email = {email}) ORDER BY id
"""
LEAVE: LiteralString = """
INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, {rows})
"""
Rows = dict[str, list[dict[str, Any]]]


class SignUp:
    """What the sign-up of one person has left in the database and in the browser."""

    def __init__(self) -> None:
        self._first = Person("first")
        created(self._first.sign_up())
        self._made_at = timezone.now()
        self._columns = columns_by_table()
        self._left = {table: rows for table, rows in left_by(self._first).items() if rows}

    def again(self, name: str) -> Person:
        """Return someone who has signed up a moment ago."""
        person, token, request = Person(name), new_token(), HttpRequest()
        person.headers["X-CSRFToken"] = get_token(request)
        values = {"sessionid": token, "csrftoken": request.META["CSRF_COOKIE"]}
        [domain] = self._first.cookies.list_domains()
        for cookie, value in values.items():
            person.cookies.set(cookie, value, domain=domain)
        self._leave(self._left_by(person, token))
        return person

    def _left_by(self, person: Person, token: str) -> Rows:
        """Return the rows with everything that belongs to the first person alone replaced, wherever it stands."""
        [user], [session] = self._left["core_user"], self._left["core_session"]
        proof = User(password=user["password"], email=person.email).get_session_auth_hash()
        own = {row["id"]: str(uuid7()) for rows in self._left.values() for row in rows} | {
            user["email"]: person.email,
            session["token_hash"].removeprefix("\\x"): hash_token(token).hex(),
            session["data"]["_auth_user_hash"]: proof,
        }
        text = json.dumps(self._left)
        for old, new in own.items():
            text = text.replace(old, new)
        return cast("Rows", json.loads(text))

    def _leave(self, left: Rows) -> None:
        age = timezone.now() - self._made_at
        connection = kept()
        with connection.transaction():
            for table, rows in left.items():
                statement = sql.SQL(LEAVE).format(
                    table=sql.Identifier(table),
                    columns=sql.SQL(", ").join(map(sql.Identifier, self._columns[table])),
                    rows=json.dumps([later(row, age) for row in rows]),
                )
                connection.execute(statement)


def later(row: dict[str, Any], age: timedelta) -> dict[str, Any]:
    """Return a row as if all of it had happened so much later."""
    times = {name: datetime.fromisoformat(time) + age for name, time in row.items() if name.endswith("_at") and time}
    return row | {name: time.isoformat() for name, time in times.items()}


def columns_by_table() -> dict[str, list[str]]:
    with connect() as connection:
        return {str(table): list(columns) for table, columns in connection.execute(TABLES)}


def left_by(person: Person) -> Rows:
    """Return by table the rows that belong to someone."""
    return {table: rows_of(person, table) for table in columns_by_table()}


def rows_of(person: Person, table: str) -> list[dict[str, Any]]:
    owner = sql.Identifier("id" if table == "core_user" else "user_id")
    statement = sql.SQL(LEFT).format(table=sql.Identifier(table), owner=owner, email=person.email)
    with connect() as connection:
        return [row for (row,) in connection.execute(statement)]
