"""All rows of a user as one state of the database."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from app.accounts.serializers import Account
from app.exchange.transfer.kinds import KINDS, Kind

AT_ONCE = 500  # rows in memory
# Between two statements the reader of the answer may be slow; what nginx has no room for has to wait.
SNAPSHOT = """
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL idle_in_transaction_session_timeout = '60s'
"""
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


@contextmanager
def snapshot(user: Account) -> Iterator[None]:
    """Let all reads of the block see one state; raise OperationalError where another such block lasts too long."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(SNAPSHOT)
        cursor.execute(LOCK, [f"export:{user.id}"])
        yield


def records_of(user: Account, kind: Kind, parents: Iterable[UUID]) -> Iterator[Any]:
    """Yield all of the user's records of a kind, those in the trash too, the oldest first.

    Those that are read in portions, for want of an index of all, stand in the order of their parents.
    """
    rows = kind.model.objects.filter(user_id=user.id).order_by("created_at", "id")
    portions = (rows.filter(**{kind.read_by: parent}) for parent in parents) if kind.read_by else [rows]
    for portion in portions:
        for row in portion.values(*kind.members).iterator(AT_ONCE):
            yield kind.record(**row)


def referred_ids(user: Account, kind: Kind) -> set[UUID]:
    """Return the records of a kind that the user's records of other kinds refer to."""
    return {
        found
        for other in KINDS.values()
        for member, referred in other.references.items()
        if referred == kind.name
        for found in other.model.objects.filter(user_id=user.id).values_list(member, flat=True).distinct()
    }
