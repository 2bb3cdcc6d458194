"""Questions to PostgreSQL that nobody waits for longer than he wants, also where it stands still."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import DatabaseError, connection

T = TypeVar("T")

LONGEST = 2.0  # seconds

thread = ThreadPoolExecutor(1, "questions")  # which may hang as long as PostgreSQL does; one is enough


def ask(question: Callable[[], T]) -> T | None:
    """Return what a question returns, on a connection of its own; None where PostgreSQL doesn't answer in time."""
    asked = thread.submit(asked_alone, question)
    try:
        return asked.result(LONGEST)
    except (DatabaseError, TimeoutError):
        asked.cancel()
        return None


def asked_alone(question: Callable[[], T]) -> T:
    try:
        return question()
    finally:
        connection.close()
