"""The only door to the rows of todos; every function takes the user."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from app.accounts.serializers import Account
from app.common.errors import Code, Problem
from app.common.pagination import Keyset, read_slice
from app.todos.models import Todo
from app.todos.serializers import TodoFilter, TodoOut, TodoPage

NEWEST_FIRST = Keyset(("created_at", "id"), is_descending=True)


def todos_of(user: Account) -> QuerySet[Todo]:
    """Return the user's todos that are in the trash neither by themselves nor with their list."""
    return Todo.objects.filter(user_id=user.id, deleted_at=None, list_is_deleted=False)


def todo_page(user: Account, asked: TodoFilter) -> TodoPage:
    """Return the page of todos asked for; raise Problem (400) for a cursor that is not of this collection."""
    page = read_slice(todos_of(user).filter(**asked.filters()), TodoOut, asked, NEWEST_FIRST, user.id)
    return TodoPage(**page._asdict())


def get_todo(user: Account, todo_id: UUID) -> Todo:
    """Return the todo; raise Problem (404), the same for a foreign and a missing one."""
    found = todos_of(user).filter(pk=todo_id).first()
    if found is None:
        raise Problem(Code.NOT_FOUND, "There is no such todo.")
    return found


def trash_todo(user: Account, todo_id: UUID) -> None:
    """Put the todo into the trash."""
    todos_of(user).filter(pk=todo_id).update(deleted_at=timezone.now())
