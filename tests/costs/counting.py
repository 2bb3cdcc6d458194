"""What a request costs in statements and in calls to Redis.

The requests go through Django in this process, against the stack's real PostgreSQL, where statements can be
counted; BEGIN and COMMIT travel with the statements they enclose and are not counted.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test import Client

from app.common import redis


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the statements that are sent meanwhile."""
    sent: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        sent.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield sent


def cost(client: Client, method: str, path: str, body: Any = None, expected: int = 200, **headers: str) -> int:
    """Return how many statements a request takes."""
    data = b"" if body is None else json.dumps(body).encode()
    with statements() as sent:
        answer = client.generic(method, path, data, "application/json", headers=headers)
    assert answer.status_code == expected, answer.content
    return len(sent)


def calls_to_redis() -> int:
    found: int = redis.client().info("stats")["total_commands_processed"]
    return found
