"""The only door to the rows of todos; every function takes the user."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from app.accounts.serializers import Account
from app.common.errors import Code, Problem
from app.common.positions import Move
from app.common.rows import find_row, insert_row, update_row
from app.common.statements import change, fetch_one
from app.todos.conditions import MINE
from app.todos.models import MAX_TODOS, Todo

# Another's list has no todos here, so that a full one looks like a missing one.
HAS_ROOM = """(
    SELECT count(*) FROM core_list JOIN core_todo ON core_todo.list_id = core_list.id
    WHERE core_list.id = %s AND core_list.user_id = %s
) < %s"""
# A copy was made now, but a page by age shows the copies in the order of their originals: a microsecond apart.
# gen_random_uuid() becomes a UUID of version 7 by the milliseconds in front and two bits; PostgreSQL 18 has its own.
COPY = """
INSERT INTO core_todo (id, user_id, list_id, title, description, status, priority, due_date, due_time, due_timezone,
                       position, completed_at, created_at, updated_at)
SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) PLACING
           substring(int8send(floor(extract(epoch FROM made_at) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
           52, 1), 53, 1), 'hex')::uuid,
       user_id, %(copy)s, title, description, status, priority, due_date, due_time, due_timezone,
       position, completed_at, made_at, made_at
FROM (
    SELECT core_todo.*, %(now)s - interval '1 microsecond' * (row_number() OVER (ORDER BY created_at DESC, id DESC) - 1)
           AS made_at
    FROM core_todo WHERE user_id = %(user)s AND list_id = %(list)s AND deleted_at IS NULL AND NOT list_is_deleted
) AS original
"""


def todos_of(user: Account) -> QuerySet[Todo]:
    """Return the user's todos that are in the trash neither by themselves nor with their list."""
    return Todo.objects.filter(user_id=user.id, deleted_at=None, list_is_deleted=False)


def get_todo(user: Account, todo_id: UUID) -> Todo:
    """Return the todo; raise Problem (404), the same for a foreign and a missing one."""
    found = find_row(Todo, MINE, [user.id, todo_id])
    if found is None:
        raise Problem(Code.NOT_FOUND, "There is no such todo.")
    return found


def position_for(user: Account, todo: Todo, list_id: UUID, move: Move, now: datetime) -> str:
    """Return the position that puts a todo where a client wants it in a list; raise Problem 409 or 422."""
    siblings = Todo.objects.filter(user_id=user.id, list_id=list_id)
    return move.position(todo, todos_of(user).filter(list_id=list_id), siblings, now)


def insert_todo(user: Account, todo: Todo) -> None:
    """Store a new todo; raise Problem (409) where its list holds as many as there may be."""
    if not insert_row(todo, HAS_ROOM, [todo.list_id, user.id, MAX_TODOS]):
        raise full_list()


def update_todo(todo: Todo, names: Collection[str]) -> None:
    """Store these members of a todo that was read for its user."""
    update_row(todo, names)


def require_room(user: Account, list_id: UUID) -> None:
    """Raise Problem (409) where a list of the user's holds as many todos as there may be."""
    if fetch_one(f"SELECT {HAS_ROOM}", [list_id, user.id, MAX_TODOS]) == (False,):
        raise full_list()


def full_list() -> Problem:
    return Problem(Code.QUOTA_EXCEEDED, f"A list may hold {MAX_TODOS:,} todos, those in the trash included.")


def copy_todos(user: Account, original: UUID, copy: UUID, now: datetime) -> None:
    """Copy all todos of a list into another by one statement."""
    change(COPY, {"user": user.id, "list": original, "copy": copy, "now": now})


def trash_todo(user: Account, todo_id: UUID) -> None:
    """Put the todo into the trash."""
    todos_of(user).filter(pk=todo_id).update(deleted_at=timezone.now())
