"""The rows of users."""

from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from app.accounts.models import Session, User
from app.common.errors import Code, Problem
from app.common.models import violated_constraint
from app.common.statements import be_patient, fetch_one

STATE = """
SELECT revision, time_zone, pg_postmaster_start_time()::text, pg_relation_filepath('core_user')
FROM core_user WHERE id = %s
"""
UNVERIFIED_LIVES = timedelta(days=7)


class State(NamedTuple):
    """What all that a user sees follows from.

    ``revision`` counts the changes. A backup that was restored may count the same ones once more, to other data; that
    takes a new start of the server, or new files for the table.
    """

    revision: int
    time_zone: str
    started: str
    files: str


def next_revision(user_id: UUID) -> int:
    """Lock the user's row and return its new revision; raise Problem (401) where the user is gone."""
    row = fetch_one("UPDATE core_user SET revision = revision + 1 WHERE id = %s RETURNING revision", [user_id])
    if row is None:
        raise Problem(Code.UNAUTHENTICATED, "This account is gone.")
    return int(row[0])


def state_of(user_id: UUID) -> State:
    """Return the state of a user's data; raise Problem (401) where the user is gone."""
    row = fetch_one(STATE, [user_id])
    if row is None:
        raise Problem(Code.UNAUTHENTICATED, "This account is gone.")
    return State(*row)


def insert_user(user: User) -> bool:
    """Store a new user; return False, and leave the transaction as it was, where the address has an account."""
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as taken:
        if violated_constraint(taken) != "core_user_email":
            raise
        return False
    return True


def find_user(email: str) -> User | None:
    return User.objects.filter(email=email).first()


def get_user(user_id: UUID) -> User:
    """Return a user; raise Problem (401) where the user is gone."""
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise Problem(Code.UNAUTHENTICATED, "This account is gone.")
    return user


def replace_password(user: User, encoded: str) -> bool:
    """Store a password's hash, if the one that was verified is still stored."""
    unchanged = User.objects.filter(pk=user.pk, password=user.password)
    return bool(unchanged.update(password=encoded, updated_at=timezone.now()))


def replace_email(user_id: UUID, email: str) -> None:
    """Give a user an address that is proven to be theirs; raise Problem (409) where it has an account already."""
    now = timezone.now()
    try:
        User.objects.filter(pk=user_id).update(email=email, email_verified_at=now, updated_at=now)
    except IntegrityError as taken:
        if violated_constraint(taken) != "core_user_email":
            raise
        raise Problem(Code.EMAIL_TAKEN, "This address has an account of its own by now.") from taken


def mark_verified(user_id: UUID) -> None:
    """Note that the address is the user's; the first time counts."""
    User.objects.filter(pk=user_id, email_verified_at=None).update(email_verified_at=timezone.now())


def update_user(user_id: UUID, **changes: Any) -> User:
    """Change columns of a user and return the row; raise Problem (401) where the user is gone."""
    User.objects.filter(pk=user_id).update(**changes, updated_at=timezone.now())
    return get_user(user_id)


def delete_unverified() -> int:
    """Delete the accounts of a week ago and more that were never confirmed, used or logged in to; return how many."""
    unused = User.objects.filter(email_verified_at=None, revision=0, created_at__lt=timezone.now() - UNVERIFIED_LIVES)
    return unused.exclude(pk__in=Session.objects.values("user_id"))._raw_delete("default")  # noqa: SLF001 - as below


def delete_user(user_id: UUID) -> None:
    """Delete a user; the database deletes with the row whatever is the user's."""
    be_patient()
    User.objects.filter(pk=user_id)._raw_delete("default")  # noqa: SLF001 - the public one would first look for rows to delete in Python
