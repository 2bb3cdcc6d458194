"""The bodies of those that encode their JSON themselves."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import msgspec

from bench.baselines import PRIORITIES

Row = Sequence[Any]
NOWHERE = (datetime.max.replace(tzinfo=UTC), UUID(int=0))  # the place before the newest todo


class Todo(msgspec.Struct):
    """A todo, in the order of its columns."""

    id: str
    list_id: str
    title: str
    description: str
    status: str
    priority: str
    due_date: date | None
    due_time: time | None
    due_timezone: str | None
    position: str
    completed_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime


class Counts(msgspec.Struct):
    """How many todos of each status a list has."""

    todo: int
    in_progress: int
    done: int
    cancelled: int


class ListWithCounts(msgspec.Struct):
    """A list, and what is in it."""

    id: str
    name: str
    color: str
    position: str
    is_archived: bool
    is_inbox: bool
    version: int
    created_at: datetime
    updated_at: datetime
    todo_counts: Counts


class Page(msgspec.Struct):
    """A page of either."""

    results: list[Any]
    next: str | None
    previous: str | None


def todo_of(row: Row) -> Todo:
    id_, list_id, title, description, status, priority, *others = row
    return Todo(id_, list_id, title, description, status, PRIORITIES[priority], *others)


def list_of(row: Row) -> ListWithCounts:
    id_, name, color, position, is_archived, is_inbox, version, created_at, updated_at, *counts = row
    return ListWithCounts(
        id_, name, color, position, is_archived, is_inbox, version, created_at, updated_at, Counts(*counts)
    )


def position_of(now: datetime) -> str:
    """Return the position at the end of a list."""
    return f"{int(now.timestamp() * 1_000_000):014x}"
