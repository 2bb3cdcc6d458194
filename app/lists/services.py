"""Changes of lists. Each happens inside ``writing``: one transaction, one new revision of its user."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from app.accounts.serializers import Account
from app.accounts.services.writing import writing
from app.common.positions import at_the_end
from app.lists import queries
from app.lists.models import List
from app.lists.serializers import ListCreate, ListOut, ListUpdate


def create_list(user: Account, new: ListCreate) -> ListOut:
    with writing(user):
        now = timezone.now()
        row = List(user_id=user.id, position=at_the_end(now), created_at=now, updated_at=now)
        apply(row, new.given())
        row.save(force_insert=True)
        return ListOut.of(row)


def update_list(user: Account, list_id: UUID, changes: ListUpdate) -> ListOut:
    """Apply the members that were given; raise Problem (404)."""
    given = changes.given()
    with writing(user):
        row = queries.get_list(user, list_id)
        apply(row, given)
        row.updated_at = timezone.now()
        row.save(update_fields=[*given, "updated_at"])
        return ListOut.of(row)


def delete_list(user: Account, list_id: UUID) -> None:
    """Delete a list with its todos; raise Problem (404)."""
    with writing(user):
        queries.delete_list(user, list_id)


def apply(row: List, given: dict[str, Any]) -> None:
    """Set the given members; one colour has one spelling."""
    for name, value in given.items():
        setattr(row, name, value)
    row.color = row.color.lower()
