"""The only door to the rows of users and sessions."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone

from app.accounts.models import Session, User
from app.common.errors import Code, Problem

SEEN_EVERY = timedelta(minutes=1)


def live_session(token_hash: bytes) -> Session | None:
    """Return the session, with its user, if neither has ended; note at most once a minute that it was seen."""
    now = timezone.now()
    session = (
        Session.objects.select_related("user")
        .filter(token_hash=token_hash, expires_at__gt=now, last_seen_at__gt=now - idle_age(), user__is_active=True)
        .first()
    )
    if session and session.last_seen_at < now - SEEN_EVERY:
        Session.objects.filter(pk=session.pk).update(last_seen_at=now)
    return session


def idle_age() -> timedelta:
    return timedelta(seconds=settings.SESSION_IDLE_AGE)


def insert_session(**values: Any) -> None:
    Session.objects.create(**values)


def update_session(token_hash: bytes, data: dict[str, Any]) -> bool:
    """Store a session's data; return whether the session is still there."""
    return bool(Session.objects.filter(token_hash=token_hash).update(data=data))


def delete_session(token_hash: bytes) -> None:
    Session.objects.filter(token_hash=token_hash).delete()


def next_revision(user_id: UUID) -> int:
    """Lock the user's row and return its new revision; raise Problem (401) where the user is gone."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_user SET revision = revision + 1 WHERE id = %s RETURNING revision", [user_id])
        row = cursor.fetchone()
    if row is None:
        raise Problem(Code.UNAUTHENTICATED, "This account is gone.")
    return int(row[0])


def insert_user(*, email: str, password: str, name: str, time_zone: str) -> User:
    """Insert a user whose password is hashed here; an address in use raises IntegrityError."""
    user = User(email=email, name=name, time_zone=time_zone)
    user.set_password(password)
    user.save(force_insert=True)
    return user


def find_user(email: str) -> User | None:
    return User.objects.filter(email=email).first()


def mark_verified(user_id: UUID, email: str) -> bool:
    """Note that an address was verified; return whether it still had to be."""
    unverified = User.objects.filter(pk=user_id, email=email, email_verified_at=None)
    return bool(unverified.update(email_verified_at=timezone.now()))
