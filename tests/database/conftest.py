"""A database of many todos; alice has far more than anyone else, most of them done and in one list."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from app.accounts.serializers import Account
from app.common.statements import fetch_all
from tests.drill import size

OTHERS = size(30, 900)
OF_ALICE = size(11_000, 100_050)  # in her first list; everyone else has ten lists of a hundred
OPEN = 10

ATTACHMENTS = """
INSERT INTO core_attachment (id, user_id, todo_id, name, size, content_type, sha256, file, created_at)
SELECT gen_random_uuid(), user_id, id, 'a', 1, '', '', md5(id::text) || md5(user_id::text), created_at
FROM core_todo ORDER BY id LIMIT 10000
"""
ANSWERS = """
INSERT INTO core_stored_answer (id, user_id, key, fingerprint, status, body, etag, created_at, total)
SELECT gen_random_uuid(), %(alice)s, n, '', 204, '', '', now(), n FROM generate_series(1, 10000) AS n
"""
USERS = """
INSERT INTO core_user (id, password, created_at, updated_at, email, name, time_zone, is_active, is_staff, revision)
SELECT gen_random_uuid(), '', now(), now(), 'user-' || n || '@example.org', '', 'UTC', true, false, 0
FROM generate_series(0, %(others)s) AS n RETURNING id
"""
LISTS = """
INSERT INTO core_list (id, user_id, name, color, position, is_archived, created_at, updated_at)
SELECT gen_random_uuid(), id, 'List ' || n, '#808080', '0', mod(n, 10) = 0, now() - n * interval '1 day', now()
FROM core_user u, generate_series(1, CASE WHEN u.id = %(alice)s THEN 500 ELSE 10 END) AS n
"""
# Rows lie in the table in no order that a page has, so that each page finds its rows as far apart as any other.
TODOS = """
INSERT INTO core_todo (id, user_id, list_id, title, description, status, priority, position, version,
                       due_date, completed_at, created_at, updated_at)
SELECT gen_random_uuid(), user_id, list_id,
       (ARRAY['Buy', 'Build', 'Call about', 'Fix'])[1 + mod(place, 4)] || ' the '
       || (ARRAY['milk', 'bridge', 'letter', 'bike', 'shed'])[1 + mod(place / 4, 5)] || ' ' || place,
       '', status, mod(place, 5),
       lpad(to_hex(place), 14, '0'), 1, CASE WHEN mod(place, 2) = 0 THEN date '2026-01-01' + mod(place, 700) END,
       CASE WHEN status = 'done' THEN now() - place * interval '1 second' END,
       now() - place * interval '2 seconds', now() - place * interval '1 second'
FROM (
    SELECT l.user_id, l.id AS list_id, ('x' || substr(md5(l.id::text || n), 1, 7))::bit(28)::int AS place,
           CASE WHEN u.id <> %(alice)s THEN (ARRAY['todo', 'in_progress', 'done', 'cancelled'])[1 + mod(n, 4)]
                WHEN l.name = 'List 1' AND n <= %(open)s THEN 'todo' ELSE 'done' END AS status
    FROM core_list l JOIN core_user u ON u.id = l.user_id,
         generate_series(1, CASE WHEN u.id <> %(alice)s THEN 100 WHEN l.name = 'List 1' THEN %(of_alice)s ELSE 2 END) n
    ORDER BY md5(n || l.id::text)
) AS made
"""
INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'core_todo' AND indexname <> 'core_todo_pkey'"


@pytest.fixture(scope="module")
def alice(
    django_db_setup: None,  # noqa: ARG001 - the test database comes first
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Account]:
    """Fill the tables once for a module, and empty them again."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(USERS, {"others": OTHERS})
        user_id = cursor.fetchone()[0]
        cursor.execute(LISTS, {"alice": user_id})
        with built_at_last():
            cursor.execute(TODOS, {"alice": user_id, "of_alice": OF_ALICE, "open": OPEN})
        cursor.execute(ATTACHMENTS)
        cursor.execute(ANSWERS, {"alice": user_id})
        cursor.execute("VACUUM ANALYZE core_user, core_list, core_todo, core_attachment, core_stored_answer")
        yield Account(id=user_id, email="", name="", time_zone="America/New_York", is_verified=False)
        cursor.execute("TRUNCATE core_user CASCADE")
        cursor.execute("RESET statement_timeout")


@contextmanager
def built_at_last() -> Iterator[None]:
    """Take the indexes away meanwhile: to build them at once takes a fraction of the time."""
    with connection.cursor() as cursor:
        cursor.execute(INDEXES)
        indexes = cursor.fetchall()
        cursor.execute(f"DROP INDEX {', '.join(name for name, _ in indexes)}")
        yield
        for _, definition in indexes:
            cursor.execute(definition)


Statement = tuple[str, Any]


@pytest.fixture
def statements(django_db_blocker: DjangoDbBlocker) -> Iterator[Callable[..., list[Statement]]]:
    """Return a function that says which statements a query sends, each with its values."""

    def statements(query: Callable[..., object], *args: object) -> list[Statement]:
        sent: list[Statement] = []

        def note(execute: Callable[..., Any], sql: str, params: Any, *rest: Any) -> Any:
            sent.append((sql, params))
            return execute(sql, params, *rest)

        with connection.execute_wrapper(note):
            query(*args)
        return sent

    with django_db_blocker.unblock():
        yield statements


@pytest.fixture
def indexes(statements: Callable[..., list[Statement]]) -> Callable[..., set[str]]:
    """Return a function that says which indexes PostgreSQL uses for the statements of a query."""

    def indexes(query: Callable[..., object], *args: object) -> set[str]:
        sent = [each for each in statements(query, *args) if not each[0].startswith("SET ")]  # they have no plan
        return {name for sql, params in sent for name in index_names(explain(sql, params))}

    return indexes


def explain(sql: str, params: Any, options: str = "") -> Any:
    return fetch_all(f"EXPLAIN ({options}FORMAT JSON) {sql}", params)[0][0][0]["Plan"]


def index_names(plan: Any) -> set[str]:
    own = {plan["Index Name"]} if "Index Name" in plan else set()
    return own.union(*(index_names(part) for part in plan.get("Plans", [])))
