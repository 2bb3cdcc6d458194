"""The only door to the rows of users and sessions."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from app.accounts import copies, hashing
from app.accounts.copies import SessionState
from app.accounts.models import Session, User
from app.accounts.serializers import Account
from app.common.errors import Code, Problem
from app.common.statements import fetch_one

PURGE_BATCH = 1000
MOST_SESSIONS = 100  # of one user; beyond it the oldest goes
SEEN_EVERY = timedelta(minutes=1)

# The last-seen time is written by the statement that reads the row, at most once a minute.
LIVE_SESSION = """
WITH live AS (
    SELECT s.id, s.data, s.expires_at, s.last_seen_at,
           u.id AS user_id, u.email, u.name, u.time_zone, u.email_verified_at IS NOT NULL AS is_verified
    FROM core_session s JOIN core_user u ON u.id = s.user_id
    WHERE s.token_hash = %s AND s.expires_at > %s AND s.last_seen_at > %s AND u.is_active
), seen AS (
    UPDATE core_session SET last_seen_at = %s FROM live
    WHERE core_session.id = live.id AND live.last_seen_at < %s
)
SELECT id, data, expires_at, user_id, email, name, time_zone, is_verified FROM live
"""


def live_session(token_hash: bytes) -> SessionState | None:
    """Return the session and its user if neither has ended, and note that it was seen."""
    now = timezone.now()
    idle_since = now - timedelta(seconds=settings.SESSION_IDLE_AGE)
    row = fetch_one(LIVE_SESSION, [token_hash, now, idle_since, now, now - SEEN_EVERY])
    if row is None:
        return None
    session_id, data, expires_at, user_id, email, name, time_zone, is_verified = row
    account = Account(id=user_id, email=email, name=name, time_zone=time_zone, is_verified=is_verified)
    return SessionState(session_id, token_hash, account, json.loads(data), expires_at)


def insert_session(user: User, **values: Any) -> None:
    """Begin a session of a user, if the password that was verified is still the user's; else raise Problem (401)."""
    with transaction.atomic():
        locked = User.objects.select_for_update().filter(pk=user.pk, password=user.password, is_active=True)
        if not locked.exists():
            raise Problem(Code.INVALID_CREDENTIALS)
        oldest = Session.objects.filter(user=user).order_by("-created_at").values("pk")[MOST_SESSIONS - 1 :]
        delete_sessions(Session.objects.filter(pk__in=oldest))
        Session.objects.create(user=user, **values)


def update_session(token_hash: bytes, data: dict[str, Any]) -> bool:
    """Store a session's data; return whether the session is still there."""
    is_there = bool(Session.objects.filter(token_hash=token_hash).update(data=data))
    drop_copies([token_hash])
    return is_there


def delete_session(token_hash: bytes) -> None:
    Session.objects.filter(token_hash=token_hash).delete()
    drop_copies([token_hash])


def delete_sessions(sessions: QuerySet[Session]) -> int:
    """End sessions, the rows first; return how many there were."""
    ended = list(sessions.values_list("pk", "token_hash"))
    count = Session.objects.filter(pk__in=[pk for pk, _ in ended]).delete()[0]
    drop_copies([bytes(token_hash) for _, token_hash in ended])
    return count


def drop_copies(token_hashes: list[bytes]) -> None:
    """Take away the copies once the change of the rows is committed, and not before."""
    transaction.on_commit(lambda: copies.drop(token_hashes))


def delete_sessions_of(user: User) -> int:
    return delete_sessions(Session.objects.filter(user=user))


def delete_aged_sessions(now: datetime) -> int:
    """Delete a batch of sessions that have ended by age; return how many, 0 when all are gone."""
    idle_since = now - timedelta(seconds=settings.SESSION_IDLE_AGE)
    ended = Session.objects.filter(Q(expires_at__lte=now) | Q(last_seen_at__lte=idle_since))
    return delete_sessions(ended.order_by("expires_at")[:PURGE_BATCH])


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
    user = User(email=email, name=name, time_zone=time_zone, password=hashing.make_hash(password))
    user.save(force_insert=True)
    return user


def renew_hash(user: User, encoded: str) -> None:
    """Store another hash of the same password, unless the password was changed meanwhile."""
    if User.objects.filter(pk=user.pk, password=user.password).update(password=encoded):
        user.password = encoded


def find_user(email: str) -> User | None:
    return User.objects.filter(email=email).first()


def mark_verified(user_id: UUID, email: str) -> bool:
    """Note that an address was verified; return whether it still had to be."""
    unverified = User.objects.filter(pk=user_id, email=email, email_verified_at=None)
    return bool(unverified.update(email_verified_at=timezone.now()))
