"""Restoring and deleting for good. Each happens inside ``writing``: one transaction, one new revision of its user."""

from contextlib import suppress
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from app.accounts.serializers import Account
from app.accounts.services.writing import writing
from app.common.errors import Problem
from app.lists.models import List
from app.lists.serializers import ListOut
from app.todos.models import Todo
from app.todos.serializers import TodoOut
from app.trash import queries

Row = TypeVar("Row", List, Todo)


def restore(user: Account, trashed_id: UUID) -> ListOut | TodoOut:
    """Take a list out of the trash with the todos that went along, or a todo, if need be with its list.

    Raise Problem (404) for what is not in the trash by itself.
    """
    with writing(user):
        row = queries.get_deleted(user, trashed_id)
        if isinstance(row, List):
            return ListOut.of(restore_list(user, row))
        if row.list_is_deleted:
            restore_list(user, queries.get_deleted_list(user, row.list_id))
        return TodoOut.of(restore_row(row))


def restore_list(user: Account, row: List) -> List:
    restore_row(row)
    queries.count_return(user, row.id, row.updated_at)
    return row


def restore_row(row: Row) -> Row:
    row.deleted_at = None
    row.save(update_fields=["deleted_at", *row.count_change({"deleted_at": None})])
    return row


def delete_for_good(user: Account, trashed_id: UUID) -> None:
    """Delete a todo, or a list with all todos in it; raise Problem (404) for what is not in the trash by itself."""
    with writing(user):
        queries.get_deleted(user, trashed_id).delete()


def empty_trash(user: Account) -> None:
    """Delete for good whatever is in the trash."""
    with writing(user):
        queries.delete_all(user)


def purge(user: Account, before: datetime) -> int:
    """Delete for good a batch of what the user deleted before a moment; return how much."""
    with suppress(Problem), writing(user):  # an account that is gone by now took its trash along
        return queries.delete_batch(user, before)
    return 0
