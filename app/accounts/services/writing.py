"""The one door for every write."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from app.accounts.queries import sessions, users
from app.accounts.serializers import Account
from app.accounts.sessions import SessionStore


class OpenDoor(NamedTuple):
    """Whose data may change at the moment, under which revision."""

    user_id: UUID
    revision: int


_open_door: ContextVar[OpenDoor | None] = ContextVar("_open_door", default=None)


@contextmanager
def writing(user: Account) -> Iterator[int]:
    """Open the transaction in which a user's data may change, and yield the user's new revision.

    It locks the user's row, so the writes of one user stand in one order; leaving by an exception undoes all. Within a
    repeatable call (``idempotency``) it is a part of that call's transaction. Within the same user's open door it is a
    part of that write: the revision is the same, and counts once.
    """
    door = _open_door.get()
    with transaction.atomic(savepoint=False):
        if door and door.user_id == user.id:
            yield door.revision
        else:
            door = OpenDoor(user.id, users.next_revision(user.id))
            before = _open_door.set(door)
            try:
                yield door.revision
            finally:
                _open_door.reset(before)


@contextmanager
def changing_account(session: SessionStore) -> Iterator[None]:
    """Open the write door for whoever is logged in; raise Problem (401) if the session's token has ended meanwhile.

    A password change ends every token but the one it makes, and a request with another may have been let in a moment
    before. It waits here for the user's row, and must not leave a new API token or address behind.
    """
    with writing(session.account):
        sessions.require_token(session.token_hash)
        yield
