"""The only door to the rows in the trash; every function takes the user, but for the one that finds users."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from app.accounts.models import User
from app.accounts.serializers import Account
from app.common.errors import Code, Problem
from app.common.pagination import Keyset, Source, read_slice
from app.common.statements import be_patient
from app.lists.models import List
from app.lists.serializers import ListOut
from app.todos.models import Todo
from app.todos.serializers import TodoOut
from app.trash.serializers import DeletedList, DeletedTodo, TrashPage, TrashQuery

KEPT_FOR = timedelta(days=30)
LATEST_FIRST = Keyset(("deleted_at", "id"), is_descending=True)
Deleted = DeletedList | DeletedTodo
USERS, LISTS, TODOS = 100, 10, 1000  # in one batch; a list takes its todos along


def lists_in_trash(user: Account) -> QuerySet[List]:
    return List.objects.filter(user_id=user.id, deleted_at__isnull=False)


def todos_in_trash(user: Account) -> QuerySet[Todo]:
    """Return the todos that were deleted by themselves."""
    return Todo.objects.filter(user_id=user.id, deleted_at__isnull=False)


def todos_with(user: Account, list_id: UUID) -> QuerySet[Todo]:
    """Return the todos that share the fate of their list."""
    return Todo.objects.filter(user_id=user.id, list_id=list_id, deleted_at=None)


def trash_page(user: Account, asked: TrashQuery) -> TrashPage:
    """Return the page of the trash asked for; raise Problem (400) for a cursor that is not of this collection."""
    lists = Source[Deleted](counted(lists_in_trash(user)), deleted_list)
    todos = Source[Deleted](todos_in_trash(user), deleted_todo)
    return TrashPage(**read_slice(asked, LATEST_FIRST, user.id, lists, todos)._asdict())


def counted(lists: QuerySet[List]) -> QuerySet[Any]:
    """Add to each list how many todos went along."""
    along = Todo.objects.filter(list_id=OuterRef("pk"), deleted_at=None).order_by().values("list_id")
    return lists.annotate(todo_count=Coalesce(Subquery(along.values(count=Count("*"))), 0))


def deleted_list(row: Any) -> DeletedList:
    return DeletedList(
        id=row.id,
        deleted_at=row.deleted_at,
        purge_at=row.deleted_at + KEPT_FOR,
        todo_count=row.todo_count,
        list=ListOut.of(row),
    )


def deleted_todo(row: Any) -> DeletedTodo:
    return DeletedTodo(
        id=row.id,
        deleted_at=row.deleted_at,
        purge_at=row.deleted_at + KEPT_FOR,
        list_is_deleted=row.list_is_deleted,
        todo=TodoOut.of(row),
    )


def get_deleted(user: Account, trashed_id: UUID) -> List | Todo:
    """Return what was deleted by itself; raise Problem (404), the same for what is foreign, missing or not deleted."""
    found = lists_in_trash(user).filter(pk=trashed_id).first() or todos_in_trash(user).filter(pk=trashed_id).first()
    if found is None:
        raise Problem(Code.NOT_FOUND, "There is no such thing in the trash.")
    return found


def get_deleted_list(user: Account, list_id: UUID) -> List:
    return lists_in_trash(user).get(pk=list_id)


def count_return(user: Account, list_id: UUID, now: datetime) -> None:
    """Note of the todos that came back with their list that they have changed."""
    todos_with(user, list_id).update(**Todo.counted("deleted_at", now))


def delete_all(user: Account) -> None:
    """Delete for good whatever is in the trash, at once: batches of one transaction would pass the ones before."""
    be_patient()
    todos_in_trash(user).delete()
    lists_in_trash(user).delete()


def delete_batch(user: Account, before: datetime) -> int:
    """Delete for good a batch of what was deleted before a moment; return how much, 0 when all is gone."""
    be_patient()  # or a batch that takes too long would come back for ever, and no other user's turn
    total = 0
    for rows, size in ((todos_in_trash(user), TODOS), (lists_in_trash(user), LISTS)):
        old = rows.filter(deleted_at__lte=before).values_list("pk", flat=True)
        total += rows.filter(pk__in=list(old[:size])).delete()[0]
    return total


def users_to_purge(before: datetime, but: Collection[UUID]) -> list[Account]:
    """Return some of the users who deleted something before a moment, but for these."""
    lists, todos = (
        rows.objects.filter(deleted_at__lte=before).exclude(user_id__in=but).values_list("user_id", flat=True)
        for rows in (List, Todo)
    )
    return [Account.of(user) for user in User.objects.filter(pk__in=list(lists.union(todos)[:USERS]))]
