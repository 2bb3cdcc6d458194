"""Changes of todos. Each happens inside ``writing``: one transaction, one new revision of its user."""

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from app.accounts.serializers import Account
from app.accounts.services.writing import writing
from app.common.errors import Code, Problem
from app.common.models import refused_by
from app.common.positions import Move, at_the_end
from app.common.versions import IfMatch, admit
from app.lists import queries as list_queries
from app.lists import services as list_services
from app.lists.serializers import ListCopy, ListOut
from app.todos import queries
from app.todos.models import Status, Todo
from app.todos.serializers import TodoCreate, TodoOut, TodoUpdate


def create_todo(user: Account, new: TodoCreate) -> TodoOut:
    """Create a todo, in the inbox if it names no list; raise Problem.

    409 where the id is taken or the list full, 422 for a list or neighbour that is not there, or a due time without
    a date.
    """
    with refused_by_rows(), writing(user):
        now = timezone.now()
        todo = Todo(user_id=user.id, position=at_the_end(now), created_at=now, updated_at=now)
        given = stored(new.given())
        move = Move.taken_from(given)
        apply(todo, given, now)
        if "list_id" not in given:
            todo.list_id = list_services.inbox_id(user)
        if move:
            todo.position = queries.position_for(user, todo, todo.list_id, move, now)
        queries.insert_todo(user, todo)
        return TodoOut.of(todo)


def update_todo(user: Account, todo_id: UUID, changes: TodoUpdate, if_match: IfMatch) -> TodoOut:
    """Apply the members that were given, unless someone else has changed them since; raise Problem.

    It is 404, 409 (list full, no room), 412 (stale) or 422. In another list a todo stands at the end, if nothing else
    is said.
    """
    with refused_by_rows(), writing(user):
        todo = queries.get_todo(user, todo_id)
        now = timezone.now()
        given = stored(changes.given())
        if move := Move.taken_from(given):
            given["position"] = queries.position_for(user, todo, given.get("list_id", todo.list_id), move, now)
        yours = admit(todo, given, if_match, TodoOut.of(todo))
        if "list_id" in yours:
            queries.require_room(user, yours["list_id"])
            yours.setdefault("position", at_the_end(now))
        if yours:
            noted = todo.count_change(yours)
            apply(todo, yours, todo.updated_at)
            queries.update_todo(todo, [*yours, "completed_at", *noted])
        return TodoOut.of(todo)


def duplicate_list(user: Account, list_id: UUID, wanted: ListCopy) -> ListOut:
    """Copy a list with its todos, by three statements however many there are; raise Problem 404 or 409."""
    with list_services.refused_by_rows(), writing(user):
        original = list_queries.get_list(user, list_id)
        copy = list_services.add_list(user, {"name": original.name, "color": original.color, **wanted.given()})
        queries.copy_todos(user, original.id, copy.id, copy.created_at)
        return ListOut.of(copy)


def delete_todo(user: Account, todo_id: UUID, if_match: IfMatch) -> None:
    """Put a todo into the trash; raise Problem 404 or 412."""
    with writing(user):
        todo = queries.get_todo(user, todo_id)
        if_match.check(todo, {}, TodoOut.of(todo))
        queries.trash_todo(user, todo_id)


def stored(given: dict[str, Any]) -> dict[str, Any]:
    """Return the members as the columns hold them."""
    return {name: value.key if isinstance(value, ZoneInfo) else value for name, value in given.items()}


def apply(todo: Todo, given: dict[str, Any], now: datetime) -> None:
    """Set the given members, and what follows from them."""
    for name, value in given.items():
        setattr(todo, name, value)
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


def refused_by_rows() -> AbstractContextManager[None]:
    """Let the database say that a list is foreign or missing, or an id taken: it alone knows without a race."""
    return refused_by(
        {
            "core_todo_list_owner": Problem.at("/list_id", "unknown_list", "There is no such list."),
            "core_todo_pkey": Problem(Code.ID_TAKEN),
        }
    )
