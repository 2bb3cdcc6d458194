"""What an account is called, and its end."""

from app.accounts.models import Event, Letter
from app.accounts.queries import audit, mail, sessions, users
from app.accounts.serializers import Account, AccountUpdate
from app.accounts.services.writing import writing
from app.accounts.sessions import SessionStore


def update_account(session: SessionStore, user: Account, changes: AccountUpdate) -> Account:
    """Apply the members that were given."""
    given = changes.given()
    if changes.time_zone:
        given["time_zone"] = changes.time_zone.key
    with writing(user):
        row = users.update_user(user.id, **given)
        sessions.forget_copies_of(user.id)
        audit.record(Event.ACCOUNT_CHANGED, user.id, session.origin, session.id)
    return Account.of(row)


def delete_account(session: SessionStore, user: Account) -> None:
    """Delete an account with all that is in it; raise Problem (403) where the password was not given of late."""
    session.require_fresh_password()
    with writing(user):
        sessions.delete_sessions_of(user.id)
        users.delete_user(user.id)
        audit.record(Event.ACCOUNT_DELETED, user.id, session.origin, session.id)
        mail.enqueue(Letter.ACCOUNT_DELETED, user.email)
    session.flush()
