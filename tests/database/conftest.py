"""A database with 100,000 todos of 81 users; alice has a fifth of them, in 500 lists."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from app.accounts.serializers import Account

ATTACHMENTS = """
INSERT INTO core_attachment (id, user_id, todo_id, name, size, content_type, sha256, file, created_at)
SELECT gen_random_uuid(), user_id, id, 'a', 1, '', '', md5(id::text) || md5(user_id::text), created_at
FROM core_todo ORDER BY id LIMIT 10000
"""
USERS = """
INSERT INTO core_user (id, password, created_at, updated_at, email, name, time_zone, is_active, is_staff, revision)
SELECT gen_random_uuid(), '', now(), now(), 'user-' || n || '@example.org', '', 'UTC', true, false, 0
FROM generate_series(0, 80) AS n RETURNING id
"""
LISTS = """
INSERT INTO core_list (id, user_id, name, color, position, is_archived, created_at, updated_at)
SELECT gen_random_uuid(), id, 'List ' || n, '#808080', '0', mod(n, 10) = 0, now() - n * interval '1 day', now()
FROM core_user u, generate_series(1, CASE WHEN u.id = %(alice)s THEN 500 ELSE 20 END) AS n
"""
TODOS = """
INSERT INTO core_todo (id, user_id, list_id, title, description, status, priority, position, version,
                       due_date, completed_at, created_at, updated_at)
SELECT gen_random_uuid(), user_id, list_id, 'Todo ' || n, '', status, priority, '0', 1,
       CASE WHEN mod(n, 3) = 0 THEN date '2026-01-01' + mod(n, 700) END,
       CASE WHEN status = 'done' THEN now() END, now() - n * interval '1 minute', now()
FROM (
    SELECT l.user_id, l.id AS list_id, n,
           CASE n WHEN 11 THEN 'in_progress' WHEN 12 THEN 'todo' ELSE 'done' END AS status,
           CASE n WHEN 37 THEN 4 ELSE mod(n, 4) END AS priority
    FROM core_list l,
         generate_series(1, CASE WHEN l.user_id = %(alice)s THEN 40 ELSE 50 END) AS n
) AS made
"""


@pytest.fixture(scope="module")
def alice(
    django_db_setup: None,  # noqa: ARG001 - the test database comes first
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Account]:
    """Fill the tables once for a module, and empty them again."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(USERS)
        user_id = cursor.fetchone()[0]
        cursor.execute(LISTS, {"alice": user_id})
        cursor.execute(TODOS, {"alice": user_id})
        cursor.execute(ATTACHMENTS)
        cursor.execute("ANALYZE core_user, core_list, core_todo, core_attachment")
        yield Account(id=user_id, email="", name="", time_zone="UTC", is_verified=False)
        cursor.execute("TRUNCATE core_user CASCADE")
        cursor.execute("RESET statement_timeout")


@pytest.fixture
def indexes(django_db_blocker: DjangoDbBlocker) -> Iterator[Callable[..., set[str]]]:
    """Return a function that says which indexes PostgreSQL uses for the statements of a query."""

    def indexes(query: Callable[..., object], *args: object) -> set[str]:
        sent: list[tuple[str, Any]] = []

        def note(execute: Callable[..., Any], sql: str, params: Any, *rest: Any) -> Any:
            sent.append((sql, params))
            return execute(sql, params, *rest)

        with connection.execute_wrapper(note):
            query(*args)
        return {name for sql, params in sent for name in index_names(explain(sql, params))}

    with django_db_blocker.unblock():
        yield indexes


def explain(sql: str, params: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        return cursor.fetchone()[0][0]["Plan"]


def index_names(plan: Any) -> set[str]:
    own = {plan["Index Name"]} if "Index Name" in plan else set()
    return own.union(*(index_names(part) for part in plan.get("Plans", [])))
