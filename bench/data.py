"""The data of the measurements: many people who have as much to do as each other, and one who has far more.

Rows lie in the table in the order in which they would have been written, everybody's in turn, so that the todos of one
page lie as far apart as those of a service that has run for a year.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString, NamedTuple
from uuid import UUID

import psycopg
from django.utils.crypto import salted_hmac
from psycopg import sql
from psycopg.types.json import Jsonb
from uuid_utils.compat import uuid7

from app.accounts.tokens import new_token
from bench.addresses import superuser_options
from bench.baselines.csrf import new_tokens

Connection = psycopg.Connection[tuple[Any, ...]]

LISTS = 20
TODOS = 1_000  # of one person: 50 in each list, a quarter of each status
MANY_TODOS = 100_000  # of the one who has far more
YEAR = timedelta(days=365)
PASSWORD_HASH = "!"  # noqa: S105 - nobody logs in: the sessions are made here

USERS = """
INSERT INTO core_user (id, password, created_at, updated_at, email, name, time_zone, is_active, is_staff, revision)
VALUES (%(id)s, %(password)s, %(start)s, %(start)s, %(email)s, '', 'UTC', true, false, 0)
"""
SESSIONS = """
INSERT INTO core_session (id, token_hash, user_id, address, network4, user_agent, created_at, last_seen_at,
                          authenticated_at, expires_at, data)
VALUES (gen_random_uuid(), %(token_hash)s, %(id)s, '127.0.0.1', '127.0.0.0/24', '', now(), now(), now(),
        %(expires_at)s, %(data)s)
"""
MADE_LISTS: LiteralString = """
INSERT INTO core_list (id, user_id, name, color, position, is_archived, is_inbox, created_at, updated_at)
SELECT gen_random_uuid(), person, CASE n WHEN 0 THEN 'Inbox' ELSE 'List ' || n END, '#3366ff', lpad(n || '', 14, '0'),
       false, n = 0, %(start)s + n * interval '1 minute', %(start)s + n * interval '1 minute'
FROM unnest(%(people)s::uuid[]) AS person, generate_series(0, %(lists)s - 1) AS n
"""
# gen_random_uuid() becomes a UUID of version 7 by the milliseconds in front and two bits.
MADE_TODOS: LiteralString = """
INSERT INTO core_todo (id, user_id, list_id, title, description, status, priority, due_date, position, version,
                       completed_at, created_at, updated_at)
SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) PLACING
           substring(int8send(floor(extract(epoch FROM made_at) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
           52, 1), 53, 1), 'hex')::uuid,
       user_id, list_id,
       (ARRAY['Buy', 'Call', 'Repair', 'Write', 'Book', 'Fetch', 'Plan'])[1 + place %% 7] || ' the '
       || (ARRAY['oat milk', 'dentist', 'bicycle', 'report', 'train', 'parcel', 'garden', 'bill', 'lamp', 'shed',
                 'letter'])[1 + place %% 11] || ' (' || place || ')',
       CASE WHEN place %% 2 = 0 THEN '' ELSE 'Ask what it costs, compare it with last year, and say so on Monday.' END,
       status, place %% 5, CASE WHEN place %% 3 = 0 THEN date '2026-01-01' + place %% 700 END,
       lpad(to_hex((extract(epoch FROM made_at) * 1000000)::bigint), 14, '0'), 1,
       CASE WHEN status = 'done' THEN made_at + interval '1 day' END, made_at, made_at
FROM (
    SELECT core_list.user_id, core_list.id AS list_id, place,
           (ARRAY['todo', 'in_progress', 'done', 'cancelled'])[1 + (place / %(lists)s + place) %% 4] AS status,
           %(start)s + (place + random()) * (interval '1 year' / %(todos)s) AS made_at
    FROM generate_series(0, %(todos)s - 1) AS place
    JOIN core_list ON core_list.position = lpad(place %% %(lists)s || '', 14, '0')
    WHERE core_list.user_id = ANY(%(people)s)
    ORDER BY made_at
) AS made
"""
INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'core_todo' AND indexname <> 'core_todo_pkey'"
SOME_TODOS = """
SELECT user_id, id FROM core_todo TABLESAMPLE BERNOULLI (%(percent)s) WHERE user_id = ANY(%(people)s)
"""
DRAWN = 100_000  # todos drawn by lot


class Person(NamedTuple):
    """Someone with lists, todos and a session, and what a browser of theirs would send."""

    id: UUID
    email: str
    token: str
    csrf_cookie: str
    csrf_token: str
    lists: list[UUID]


class Data:
    """What stands in the database; it grows."""

    def __init__(self, connection: Connection, start: datetime | None = None) -> None:
        self.connection = connection
        self.start = start or datetime.now(UTC) - YEAR
        self.people: list[Person] = []
        self.busiest: Person | None = None
        self._drawn: list[tuple[Person, UUID]] = []

    @property
    def todos(self) -> int:
        return len(self.people) * TODOS + (MANY_TODOS if self.busiest else 0)

    def add_people(self, count: int) -> None:
        """Let so many people more have lists and todos."""
        self.people += self._add(count, TODOS)
        self._drawn = []

    def add_busiest(self, todos: int = MANY_TODOS) -> None:
        """Let one person have far more todos than all others."""
        [self.busiest] = self._add(1, todos)

    def _add(self, count: int, todos: int) -> list[Person]:
        people = [new_person() for _ in range(count)]
        values = {"people": [person.id for person in people], "start": self.start, "lists": LISTS, "todos": todos}
        with self.connection.transaction(), self.connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.executemany(USERS, [user_row(person, self.start) for person in people])
            cursor.executemany(SESSIONS, [session_row(person) for person in people])
            cursor.execute(MADE_LISTS, values)
            with built_at_last(cursor) if count * todos > MANY_TODOS else unchanged():
                cursor.execute(MADE_TODOS, values)
            return [person._replace(lists=lists_of(cursor, person)) for person in people]

    def settle(self) -> None:
        """Let PostgreSQL know what there is, and have nothing left to do."""
        self.connection.execute("VACUUM ANALYZE core_user, core_session, core_list, core_todo")
        self.connection.execute("CHECKPOINT")

    def drawn(self) -> list[tuple[Person, UUID]]:
        """Return todos drawn by lot, each with its owner; the same ones while no more people come."""
        if not self._drawn:
            self._drawn = list(self._draw())
        return self._drawn

    def _draw(self) -> Iterator[tuple[Person, UUID]]:
        owners = {person.id: person for person in self.people}
        percent = min(100, 100 * DRAWN / (len(owners) * TODOS))
        found = self.connection.execute(SOME_TODOS, {"people": list(owners), "percent": percent})
        return ((owners[user_id], todo_id) for user_id, todo_id in found)

    def outgrow_caches(self) -> None:
        """Let everybody have a new revision, so that no cached page is of use any more."""
        self.connection.execute("UPDATE core_user SET revision = revision + 1")


def connect() -> Connection:
    return psycopg.connect(**superuser_options(), autocommit=True)


def new_person() -> Person:
    user_id, (csrf_cookie, csrf_token) = uuid7(), new_tokens()
    return Person(user_id, f"{user_id.hex}@example.org", new_token(), csrf_cookie, csrf_token, [])


def user_row(person: Person, start: datetime) -> dict[str, Any]:
    return {"id": person.id, "email": person.email, "password": PASSWORD_HASH, "start": start}


def session_row(person: Person, expires_at: datetime | None = None) -> dict[str, Any]:
    """Return the session that a login would have left."""
    proof = salted_hmac(
        "doable.session", f"{PASSWORD_HASH} {person.email}", secret=os.environ["SECRET_KEY"], algorithm="sha256"
    )
    data = {
        "_auth_user_id": str(person.id),
        "_auth_user_backend": "app.accounts.backends.VerifiedAddressBackend",
        "_auth_user_hash": proof.hexdigest(),
    }
    return {
        "id": person.id,
        "token_hash": hashlib.sha256(person.token.encode()).digest(),
        "expires_at": expires_at or datetime.now(UTC) + timedelta(days=30),
        "data": Jsonb(data),
    }


def lists_of(cursor: psycopg.Cursor[tuple[Any, ...]], person: Person) -> list[UUID]:
    cursor.execute("SELECT id FROM core_list WHERE user_id = %s ORDER BY created_at", [person.id])
    return [list_id for (list_id,) in cursor]


@contextmanager
def built_at_last(cursor: psycopg.Cursor[tuple[Any, ...]]) -> Iterator[None]:
    """Take the indexes and the checks of foreign keys away meanwhile, which takes a fraction of the time."""
    cursor.execute(INDEXES)
    indexes = cursor.fetchall()
    cursor.execute(sql.SQL("DROP INDEX {}").format(sql.SQL(", ").join(sql.Identifier(name) for name, _ in indexes)))
    cursor.execute("SET LOCAL session_replication_role = replica")
    yield
    cursor.execute("SET LOCAL session_replication_role = origin")
    for _, definition in indexes:
        cursor.execute(definition)


@contextmanager
def unchanged() -> Iterator[None]:
    yield
