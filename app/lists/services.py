"""Changes of lists. Each happens inside ``writing``: one transaction, one new revision of its user."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from app.accounts.serializers import Account
from app.accounts.services.writing import writing
from app.common.errors import Code, Problem
from app.common.models import refused_by
from app.common.positions import at_the_end
from app.common.versions import IfMatch, admit
from app.lists import queries
from app.lists.models import List
from app.lists.serializers import ListCreate, ListOut, ListUpdate


def create_list(user: Account, new: ListCreate) -> ListOut:
    """Create a list; raise Problem (409) for an id that is taken."""
    with refused_by({"core_list_pkey": Problem(Code.ID_TAKEN)}), writing(user):
        now = timezone.now()
        row = List(user_id=user.id, position=at_the_end(now), created_at=now, updated_at=now)
        apply(row, stored(new.given()))
        row.save(force_insert=True)
        return ListOut.of(row)


def update_list(user: Account, list_id: UUID, changes: ListUpdate, if_match: IfMatch) -> ListOut:
    """Apply the members that were given, unless someone else has changed them since; raise Problem 404, 412 or 422."""
    with writing(user):
        row = queries.get_list(user, list_id)
        yours = admit(row, stored(changes.given()), if_match, ListOut.of(row))
        if yours:
            noted = row.count_change(yours)
            apply(row, yours)
            row.save(update_fields=[*yours, *noted])
        return ListOut.of(row)


def delete_list(user: Account, list_id: UUID, if_match: IfMatch) -> None:
    """Put a list with its todos into the trash; raise Problem 404 or 412."""
    with writing(user):
        row = queries.get_list(user, list_id)
        if_match.check(row, {}, ListOut.of(row))
        queries.trash_list(user, list_id)


def stored(given: dict[str, Any]) -> dict[str, Any]:
    """Return the members as the columns hold them: one colour has one spelling."""
    return {name: value.lower() if name == "color" else value for name, value in given.items()}


def apply(row: List, given: dict[str, Any]) -> None:
    for name, value in given.items():
        setattr(row, name, value)
