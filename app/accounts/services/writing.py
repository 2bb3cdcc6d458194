"""The one door for every write."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from app.accounts.queries import users
from app.accounts.serializers import Account


@contextmanager
def writing(user: Account) -> Iterator[int]:
    """Open the transaction in which a user's data may change, and yield the user's new revision.

    It locks the user's row, so the writes of one user stand in one order; leaving by an exception undoes all.
    """
    with transaction.atomic(durable=True):
        yield users.next_revision(user.id)
