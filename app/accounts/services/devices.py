"""The sessions of a user, as the user sees and ends them."""

from uuid import UUID

from app.accounts.models import Event, Session
from app.accounts.queries import audit, sessions
from app.accounts.serializers import SessionOut, Sessions
from app.accounts.services.writing import changing_account
from app.accounts.sessions import SessionStore


def list_sessions(session: SessionStore) -> Sessions:
    return Sessions(results=[shown(row, session) for row in sessions.live_sessions(session.account.id)])


def shown(row: Session, current: SessionStore) -> SessionOut:
    return SessionOut(
        id=row.pk,
        user_agent=row.user_agent,
        address=row.address,
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
        expires_at=row.expires_at,
        network_changed_at=row.network_changed_at,
        is_current=row.pk == current.id,
    )


def end_session(session: SessionStore, session_id: UUID) -> None:
    """End one session of a user, which may be this one; raise Problem (404)."""
    with changing_account(session):
        sessions.delete_session(session.account.id, session_id)
        audit.record(Event.SESSION_ENDED, session.account.id, session.origin, session_id)
    if session_id == session.id:
        session.flush()


def end_other_sessions(session: SessionStore) -> None:
    with changing_account(session):
        sessions.delete_sessions_of(session.account.id, but=session.id)
        audit.record(Event.OTHER_SESSIONS_ENDED, session.account.id, session.origin, session.id)
