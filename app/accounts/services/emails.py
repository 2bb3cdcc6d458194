"""Changing the address of an account: asked for by its owner, done once the new address is proven to be theirs."""

from app.accounts import attempts
from app.accounts.models import Event, Letter, Purpose
from app.accounts.queries import audit, mail, users
from app.accounts.serializers import Account, EmailChange
from app.accounts.services import links
from app.accounts.services.credentials import end_credentials
from app.accounts.services.writing import changing_account, writing
from app.accounts.sessions import SessionStore
from app.common.clientip import Origin


def ask_change(session: SessionStore, change: EmailChange) -> None:
    """Have a link mailed to the new address; raise Problem 403 (password not given of late) or 429."""
    session.require_fresh_password()
    attempts.take_mail_of(session.account.id)
    may_send = attempts.take_mail(Letter.CHANGE_EMAIL, change.email)
    with changing_account(session):
        mail.delete_links_of(session.account.id)  # a wish that is older ends with this one
        audit.record(Event.EMAIL_CHANGE_ASKED, session.account.id, session.origin, session.id)
        if may_send:
            mail.enqueue(Letter.CHANGE_EMAIL, change.email, session.account.id)


def confirm_change(origin: Origin, token: str) -> None:
    """Give an account the address that a token was mailed to, and end all that is logged in; raise Problem 422, 409."""
    found = links.find(Purpose.CHANGE_EMAIL, token)
    with writing(Account.of(found.user)):
        links.use(found)
        users.replace_email(found.user_id, found.email)
        end_credentials(found.user_id)
        audit.record(Event.EMAIL_CHANGED, found.user_id, origin)
        mail.enqueue(Letter.EMAIL_CHANGED, found.user.email)
