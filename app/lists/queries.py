"""The only door to the rows of lists; every function takes the user."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from app.accounts.serializers import Account
from app.common.errors import Code, Problem
from app.common.positions import Move
from app.common.rows import find_row, insert_row, update_row
from app.lists.models import MAX_LISTS, List
from app.lists.pages import MINE

HAS_ROOM = "(SELECT count(*) FROM core_list WHERE user_id = %s) < %s"
IS_STORED = "EXISTS (SELECT 1 FROM core_user WHERE id = %s)"


def lists_of(user: Account) -> QuerySet[List]:
    """Return the user's lists that are not in the trash."""
    return List.objects.filter(user_id=user.id, deleted_at=None)


def get_list(user: Account, list_id: UUID) -> List:
    """Return the list; raise Problem (404), the same for a foreign and a missing one."""
    found = find_row(List, MINE, [user.id, list_id])
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
    if not insert_row(row, HAS_ROOM, [user.id, MAX_LISTS]):
        raise Problem(
            Code.QUOTA_EXCEEDED, f"There may be {MAX_LISTS:,} lists, those in the trash included. Delete one for good."
        )


def insert_inbox(user: Account, row: List) -> None:
    """Store a new inbox, unless the user is not stored."""
    insert_row(row, IS_STORED, [user.id])


def update_list(row: List, names: Collection[str]) -> None:
    """Store these members of a list that was read for its user."""
    update_row(row, names)


def trash_list(user: Account, list_id: UUID) -> None:
    """Put the list into the trash, and by the database its todos."""
    lists_of(user).filter(pk=list_id).update(deleted_at=timezone.now())
