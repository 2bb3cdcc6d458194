"""The rows of sessions, and the copies that follow them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from app.accounts import copies
from app.accounts.copies import SessionState
from app.accounts.models import Event, Session, User
from app.accounts.queries import audit
from app.accounts.serializers import Account
from app.common.clientip import Origin
from app.common.errors import Code, Problem
from app.common.statements import fetch_one

PURGE_BATCH = 1000
END_BATCH = 5000
MOST_SESSIONS = 100  # of one user; beyond it the oldest goes
SEEN_EVERY = timedelta(minutes=1)
NOTED_EVERY = timedelta(hours=1)

# The last-seen time and address are written by the statement that reads the row, at most once a minute.
LIVE_SESSION = """
WITH live AS (
    SELECT s.id, s.data, s.expires_at, s.last_seen_at, s.authenticated_at, s.network4, s.network6, s.network_changed_at,
           u.id AS user_id, u.email, u.name, u.time_zone, u.email_verified_at IS NOT NULL AS is_verified
    FROM core_session s JOIN core_user u ON u.id = s.user_id
    WHERE s.token_hash = %s AND s.expires_at > %s AND s.last_seen_at > %s AND u.is_active
), seen AS (
    UPDATE core_session SET last_seen_at = %s, address = %s FROM live
    WHERE core_session.id = live.id AND live.last_seen_at < %s
)
SELECT id, data, expires_at, authenticated_at, network4, network6, network_changed_at,
       user_id, email, name, time_zone, is_verified
FROM live
"""
END_SESSION = "DELETE FROM core_session WHERE token_hash = %s RETURNING id, user_id"
END_BEGUN = """
DELETE FROM core_session WHERE ctid = ANY(ARRAY(SELECT ctid FROM core_session WHERE created_at <= %s LIMIT %s))
RETURNING token_hash
"""


def live_session(token_hash: bytes, origin: Origin) -> SessionState | None:
    """Return the session and its user if neither has ended, and note that it was seen."""
    now = timezone.now()
    idle_since = now - timedelta(seconds=settings.SESSION_IDLE_AGE)
    row = fetch_one(LIVE_SESSION, [token_hash, now, idle_since, now, origin.address, now - SEEN_EVERY])
    if row is None:
        return None
    session_id, data, *times_and_networks, user_id, email, name, time_zone, is_verified = row
    account = Account(id=user_id, email=email, name=name, time_zone=time_zone, is_verified=is_verified)
    return SessionState(session_id, token_hash, account, data, *times_and_networks)


def insert_session(
    token_hash: bytes, data: dict[str, Any], origin: Origin, replaced: bytes | None = None
) -> SessionState:
    """Begin the session of a login that Django has noted in ``data``, and end the one that it replaces.

    Raise Problem (401) if the password that was verified is no longer the user's.
    """
    with transaction.atomic():
        user = lock_user(UUID(data[SESSION_KEY]), data[HASH_SESSION_KEY])
        if replaced:
            end_session(replaced, Event.LOGGED_OUT, origin)
        end_oldest(user, origin)
        row = Session.objects.create(
            user=user,
            token_hash=token_hash,
            expires_at=timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE),
            data=data,
            address=origin.address,
            user_agent=origin.user_agent,
            **network_column(origin),
        )
        audit.record(Event.LOGGED_IN, user.pk, origin, row.pk)
    return new_state(row, user)


def lock_user(user_id: UUID, password_proof: str) -> User:
    user = User.objects.select_for_update().filter(pk=user_id, is_active=True).first()
    if user is None or not constant_time_compare(user.get_session_auth_hash(), password_proof):
        raise Problem(Code.INVALID_CREDENTIALS)
    return user


def end_oldest(user: User, origin: Origin) -> None:
    """Make room for one more session."""
    oldest = Session.objects.filter(user=user).order_by("-created_at").values("pk")[MOST_SESSIONS - 1 :]
    if delete_sessions(Session.objects.filter(pk__in=oldest)):
        audit.record(Event.OLDEST_SESSION_ENDED, user.pk, origin)


def new_state(row: Session, user: User) -> SessionState:
    return SessionState(
        id=row.pk,
        token_hash=bytes(row.token_hash),
        account=Account.of(user),
        data=row.data,
        expires_at=row.expires_at,
        authenticated_at=row.authenticated_at,
        network4=row.network4,
        network6=row.network6,
        network_changed_at=None,
    )


def network_column(origin: Origin) -> dict[str, str]:
    return {"network6" if origin.is_ipv6 else "network4": origin.network}


def remember_network(state: SessionState, origin: Origin) -> None:
    """Store the network that a session is now used from."""
    Session.objects.filter(pk=state.id).update(**network_column(origin), address=origin.address)
    drop_copies([state.token_hash])


def note_network_change(state: SessionState, origin: Origin) -> datetime:
    """Store the network and when it changed; the audit hears of it once an hour, however often it goes on and back."""
    now = timezone.now()
    unnoted = Session.objects.filter(pk=state.id).exclude(**network_column(origin))
    with transaction.atomic():
        changed = unnoted.update(**network_column(origin), address=origin.address, network_changed_at=now)
        if changed and (state.network_changed_at is None or state.network_changed_at < now - NOTED_EVERY):
            audit.record(Event.NETWORK_CHANGED, state.account.id, origin, state.id)
        drop_copies([state.token_hash])
    return now


def update_session(token_hash: bytes, data: dict[str, Any]) -> bool:
    """Store a session's data; return whether the session is still there."""
    is_there = bool(Session.objects.filter(token_hash=token_hash).update(data=data))
    drop_copies([token_hash])
    return is_there


def replace_token(old: bytes, new: bytes, authenticated_at: datetime) -> bool:
    """Let a session go on under a new token, from a moment at which the password was given; False if it has ended."""
    is_there = bool(Session.objects.filter(token_hash=old).update(token_hash=new, authenticated_at=authenticated_at))
    drop_copies([old])
    return is_there


def end_session(token_hash: bytes, event: Event, origin: Origin) -> None:
    """End the session of a token, if there is one."""
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(END_SESSION, [token_hash])
        if row := cursor.fetchone():
            session_id, user_id = row
            audit.record(event, user_id, origin, session_id)
        drop_copies([token_hash])


def require_token(token_hash: bytes) -> None:
    """Raise Problem (401) if no session goes by this token any more."""
    if not Session.objects.filter(token_hash=token_hash).exists():
        raise Problem(Code.UNAUTHENTICATED, "This session has ended.")


def delete_session(user_id: UUID, session_id: UUID) -> None:
    """End a session of a user by its id; raise Problem (404)."""
    if not delete_sessions(Session.objects.filter(user=user_id, pk=session_id)):
        raise Problem(Code.NOT_FOUND)


def delete_sessions_of(user_id: UUID, *, but: UUID | None = None) -> int:
    """End all sessions of a user, or all but one; return how many there were."""
    own = Session.objects.filter(user=user_id)
    return delete_sessions(own.exclude(pk=but) if but else own)


def delete_sessions(sessions: QuerySet[Session]) -> int:
    """End sessions, the rows first; return how many there were."""
    ended = list(sessions.values_list("pk", "token_hash"))
    count = Session.objects.filter(pk__in=[pk for pk, _ in ended]).delete()[0]
    drop_copies([bytes(token_hash) for _, token_hash in ended])
    return count


def delete_sessions_begun_by(moment: datetime) -> int:
    """End a batch of everybody's sessions that have begun by then; return how many, 0 when all are gone."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(END_BEGUN, [moment, END_BATCH])
        ended = [bytes(token_hash) for (token_hash,) in cursor.fetchall()]
        drop_copies(ended)
    return len(ended)


def live_sessions(user_id: UUID) -> QuerySet[Session]:
    """Return the sessions of a user that have not ended, the one last seen first."""
    now = timezone.now()
    idle_since = now - timedelta(seconds=settings.SESSION_IDLE_AGE)
    return Session.objects.filter(user=user_id, expires_at__gt=now, last_seen_at__gt=idle_since).order_by(
        "-last_seen_at"
    )


def forget_copies_of(user_id: UUID) -> None:
    """Let the next request of each session see the user as the row now says."""
    hashes = Session.objects.filter(user=user_id).values_list("token_hash", flat=True)
    drop_copies([bytes(token_hash) for token_hash in hashes])


def drop_copies(token_hashes: list[bytes]) -> None:
    """Take away the copies once the change of the rows is committed, and not before."""
    transaction.on_commit(lambda: copies.drop(token_hashes))


def delete_aged_sessions(now: datetime) -> int:
    """Delete a batch of sessions that have ended by age; return how many, 0 when all are gone."""
    idle_since = now - timedelta(seconds=settings.SESSION_IDLE_AGE)
    ended = Session.objects.filter(Q(expires_at__lte=now) | Q(last_seen_at__lte=idle_since))
    return delete_sessions(ended.order_by("expires_at")[:PURGE_BATCH])
