"""Changes of lists. Each happens inside ``writing``: one transaction, one new revision of its user."""

from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

from django.utils import timezone

from app.accounts.serializers import Account
from app.accounts.services.writing import writing
from app.common.errors import Code, Problem
from app.common.models import refused_by
from app.common.positions import Move, at_the_end, at_the_start
from app.common.versions import IfMatch, admit
from app.lists import queries
from app.lists.models import List
from app.lists.serializers import DEFAULT_COLOR, INBOX, ListCreate, ListOut, ListUpdate


def create_list(user: Account, new: ListCreate) -> ListOut:
    """Create a list; raise Problem 409 (id taken, too many lists) or 422 (no such list to stand beside)."""
    with refused_by_rows(), writing(user):
        return ListOut.of(add_list(user, stored(new.given())))


def add_list(user: Account, given: dict[str, Any]) -> List:
    """Store a new list within a change that has begun; raise Problem 409 or 422."""
    now = timezone.now()
    row = List(user_id=user.id, position=at_the_end(now), created_at=now, updated_at=now)
    move = Move.taken_from(given)
    apply(row, given)
    if move:
        row.position = queries.position_for(user, row, move, now)
    queries.insert_list(user, row)
    return row


def create_inbox(user: Account) -> UUID:
    """Make the inbox of a new account (NEW_ACCOUNT_STEPS) and return its id; of an account that is not stored, none."""
    now = timezone.now()
    row = List(user_id=user.id, name=INBOX, color=DEFAULT_COLOR, is_inbox=True, created_at=now, updated_at=now)
    row.position = at_the_start(now)
    queries.insert_inbox(user, row)
    return row.id


def inbox_id(user: Account) -> UUID:
    """Return the id of the user's inbox; whom a release without inboxes has signed up gets one now."""
    return queries.find_inbox(user) or create_inbox(user)


def update_list(user: Account, list_id: UUID, changes: ListUpdate, if_match: IfMatch) -> ListOut:
    """Apply the members that were given, unless someone else has changed them since; raise Problem.

    It is 404, 409 (the inbox can't be archived, no room), 412 (stale) or 422 (no such list to stand beside).
    """
    with refused_by_rows(), writing(user):
        row = queries.get_list(user, list_id)
        given = stored(changes.given())
        if move := Move.taken_from(given):
            given["position"] = queries.position_for(user, row, move, timezone.now())
        yours = admit(row, given, if_match, ListOut.of(row))
        if yours:
            noted = row.count_change(yours)
            apply(row, yours)
            queries.update_list(row, [*yours, *noted])
        return ListOut.of(row)


def delete_list(user: Account, list_id: UUID, if_match: IfMatch) -> None:
    """Put a list with its todos into the trash; raise Problem 404, 409 (the inbox) or 412."""
    with refused_by_rows(), writing(user):
        row = queries.get_list(user, list_id)
        if_match.check(row, {}, ListOut.of(row))
        queries.trash_list(user, list_id)


def stored(given: dict[str, Any]) -> dict[str, Any]:
    """Return the members as the columns hold them: one colour has one spelling."""
    return {name: value.lower() if name == "color" else value for name, value in given.items()}


def apply(row: List, given: dict[str, Any]) -> None:
    for name, value in given.items():
        setattr(row, name, value)


def refused_by_rows() -> AbstractContextManager[None]:
    """Let the database say that an id is taken, or that the inbox has to stay."""
    return refused_by({"core_list_pkey": Problem(Code.ID_TAKEN), "core_list_inbox_stays": Problem(Code.INBOX_STAYS)})
