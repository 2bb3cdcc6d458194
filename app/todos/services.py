"""Changes of todos. Each happens inside ``writing``: one transaction, one new revision of its user."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError
from django.utils import timezone

from app.accounts.serializers import Account
from app.accounts.services.writing import writing
from app.common.errors import Code, Problem
from app.common.models import violated_constraint
from app.common.positions import at_the_end
from app.todos import queries
from app.todos.models import Status, Todo
from app.todos.serializers import TodoCreate, TodoOut, TodoUpdate


def create_todo(user: Account, new: TodoCreate) -> TodoOut:
    """Create a todo; raise Problem (422) for a list that is not the user's, or a due time without a date."""
    with own_list_only(), writing(user):
        now = timezone.now()
        todo = Todo(user_id=user.id, position=at_the_end(now), created_at=now, updated_at=now)
        apply(todo, new.given(), now)
        todo.save(force_insert=True)
        return TodoOut.of(todo)


def update_todo(user: Account, todo_id: UUID, changes: TodoUpdate) -> TodoOut:
    """Apply the members that were given; raise Problem 404, 412 (stale version) or 422."""
    given = changes.given()
    expected = given.pop("version", None)
    with own_list_only(), writing(user):
        todo = queries.get_todo(user, todo_id)
        check_version(todo, expected)
        todo.updated_at = timezone.now()
        apply(todo, given, todo.updated_at)
        todo.version += 1
        todo.save(update_fields=[*given, "completed_at", "version", "updated_at"])
        return TodoOut.of(todo)


def delete_todo(user: Account, todo_id: UUID) -> None:
    """Delete a todo; raise Problem (404)."""
    with writing(user):
        queries.delete_todo(user, todo_id)


def apply(todo: Todo, given: dict[str, Any], now: datetime) -> None:
    """Set the given members, and what follows from them."""
    for name, value in given.items():
        setattr(todo, name, value.key if isinstance(value, ZoneInfo) else value)
    check_due(todo)
    if todo.status != Status.DONE:
        todo.completed_at = None
    elif todo.completed_at is None:
        todo.completed_at = now


def check_due(todo: Todo) -> None:
    if todo.due_time is not None and todo.due_date is None:
        raise Problem.at("/due_time", "needs_due_date", "A due time needs a due date.")
    if todo.due_timezone is not None and todo.due_time is None:
        raise Problem.at("/due_timezone", "needs_due_time", "A due time zone needs a due time.")


def check_version(todo: Todo, expected: int | None) -> None:
    """Refuse a change made from another state than the stored one."""
    if expected is None or expected == todo.version:
        return
    if expected > todo.version:
        raise Problem.at("/version", "from_the_future", f"The todo is at version {todo.version}.")
    raise Problem(Code.STALE_VERSION, f"The todo is at version {todo.version} by now.", theirs=TodoOut.of(todo))


@contextmanager
def own_list_only() -> Iterator[None]:
    """Let the database say that a list is foreign or missing: it alone knows without a race."""
    try:
        yield
    except IntegrityError as fault:
        if violated_constraint(fault) != "core_todo_list_owner":
            raise
        raise Problem.at("/list_id", "unknown_list", "There is no such list.") from fault
