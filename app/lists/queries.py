"""The only door to the rows of lists; every function takes the user."""

from datetime import datetime
from functools import partial
from uuid import UUID

import msgspec
from django.db.models import F, Func, JSONField, QuerySet
from django.utils import timezone

from app.accounts.serializers import Account
from app.common.errors import Code, Problem
from app.common.pagination import Keyset, Source, read_slice
from app.common.positions import Move
from app.common.statements import insert_if
from app.lists.models import MAX_LISTS, List
from app.lists.serializers import ListFilter, ListOrder, ListPage, ListWithCounts

ORDERS = {
    ListOrder.CREATED: Keyset(("created_at", "id"), is_descending=False),
    ListOrder.NAME: Keyset(("name", "id"), is_descending=False),
    ListOrder.POSITION: Keyset(("position", "id"), is_descending=False),
}
HAS_ROOM = "(SELECT count(*) FROM core_list WHERE user_id = %s) < %s"
IS_STORED = "EXISTS (SELECT 1 FROM core_user WHERE id = %s)"
# Lists know nothing of todos in Python, whose table refers to theirs; this is the one place that reads it.
TODO_COUNTS = """(
    SELECT jsonb_build_object(
        'todo', count(*) FILTER (WHERE status = 'todo'),
        'in_progress', count(*) FILTER (WHERE status = 'in_progress'),
        'done', count(*) FILTER (WHERE status = 'done'),
        'cancelled', count(*) FILTER (WHERE status = 'cancelled'))
    FROM core_todo WHERE (user_id, list_id) = (%(expressions)s) AND deleted_at IS NULL AND NOT list_is_deleted
)"""


def lists_of(user: Account) -> QuerySet[List]:
    """Return the user's lists that are not in the trash."""
    return List.objects.filter(user_id=user.id, deleted_at=None)


def list_page(user: Account, asked: ListFilter) -> ListPage:
    """Return the page of lists asked for; raise Problem (400) for a cursor that is not of this collection."""
    filters = asked.filters()
    keyset = ORDERS[filters.pop("order")]
    counts = Func(F("user_id"), F("id"), template=TODO_COUNTS, output_field=JSONField())
    rows = lists_of(user).filter(**filters).annotate(todo_counts=counts).values(*ListWithCounts.__struct_fields__)
    shown = Source(rows, partial(msgspec.convert, type=ListWithCounts))
    return ListPage(**read_slice(asked, keyset, user.id, shown)._asdict())


def get_list(user: Account, list_id: UUID) -> List:
    """Return the list; raise Problem (404), the same for a foreign and a missing one."""
    found = lists_of(user).filter(pk=list_id).first()
    if found is None:
        raise Problem(Code.NOT_FOUND, "There is no such list.")
    return found


def find_inbox(user: Account) -> UUID | None:
    return lists_of(user).filter(is_inbox=True).values_list("id", flat=True).first()


def position_for(user: Account, row: List, move: Move, now: datetime) -> str:
    """Return the position that puts a list where a client wants it; raise Problem 409 or 422."""
    return move.position(row, lists_of(user), List.objects.filter(user_id=user.id), now)


def insert_list(user: Account, row: List) -> None:
    """Store a new list; raise Problem (409) where the user has as many as there may be."""
    if not insert_if(row, HAS_ROOM, [user.id, MAX_LISTS]):
        raise Problem(
            Code.QUOTA_EXCEEDED, f"There may be {MAX_LISTS:,} lists, those in the trash included. Delete one for good."
        )


def insert_inbox(user: Account, row: List) -> None:
    """Store a new inbox, unless the user is not stored."""
    insert_if(row, IS_STORED, [user.id])


def trash_list(user: Account, list_id: UUID) -> None:
    """Put the list into the trash, and by the database its todos."""
    lists_of(user).filter(pk=list_id).update(deleted_at=timezone.now())
