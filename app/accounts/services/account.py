"""What an account is called, and its end."""

from app.accounts.models import Event, Letter
from app.accounts.queries import audit, mail, sessions, users
from app.accounts.serializers import Account, AccountUpdate
from app.accounts.services.writing import changing_account
from app.accounts.sessions import SessionStore


def update_account(session: SessionStore, changes: AccountUpdate) -> Account:
    """Apply the members that were given."""
    given = changes.given()
    if not given:
        return session.account
    if changes.time_zone:
        given["time_zone"] = changes.time_zone.key
    with changing_account(session):
        row = users.update_user(session.account.id, **given)
        sessions.forget_copies_of(session.account.id)
        audit.record(Event.ACCOUNT_CHANGED, session.account.id, session.origin, session.id)
    return Account.of(row)


def delete_account(session: SessionStore) -> None:
    """Delete an account with all that is in it; raise Problem (403) where the password was not given of late."""
    session.require_fresh_password()
    with changing_account(session):
        sessions.delete_sessions_of(session.account.id)
        users.delete_user(session.account.id)
        audit.record(Event.ACCOUNT_DELETED, session.account.id, session.origin, session.id)
        mail.enqueue(Letter.ACCOUNT_DELETED, session.account.email)
    session.flush()
