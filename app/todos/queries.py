"""The only door to the rows of todos; every function takes the user."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from app.accounts.serializers import Account
from app.common.errors import Code, Problem
from app.todos.models import Todo


def todos_of(user: Account) -> QuerySet[Todo]:
    """Return the user's todos that are in the trash neither by themselves nor with their list."""
    return Todo.objects.filter(user_id=user.id, deleted_at=None, list_is_deleted=False)


def get_todo(user: Account, todo_id: UUID) -> Todo:
    """Return the todo; raise Problem (404), the same for a foreign and a missing one."""
    found = todos_of(user).filter(pk=todo_id).first()
    if found is None:
        raise Problem(Code.NOT_FOUND, "There is no such todo.")
    return found


def trash_todo(user: Account, todo_id: UUID) -> None:
    """Put the todo into the trash."""
    todos_of(user).filter(pk=todo_id).update(deleted_at=timezone.now())
