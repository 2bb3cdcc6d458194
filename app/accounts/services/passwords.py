"""Changing a password, and what to do for those who forgot theirs."""

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.db import transaction

from app.accounts import attempts, hashing
from app.accounts.models import Event, Letter, Purpose
from app.accounts.queries import audit, mail, users
from app.accounts.serializers import Account, PasswordChange, PasswordReset
from app.accounts.services import links
from app.accounts.services.credentials import confirm_password, end_credentials, require_good_password
from app.accounts.services.writing import writing
from app.accounts.sessions import SessionStore
from app.common.clientip import Origin
from app.common.errors import Problem


def change_password(session: SessionStore, change: PasswordChange) -> None:
    """Store a new password and end all other sessions and tokens; raise Problem (422) for a wrong or a weak one."""
    user = confirm_password(session, change.current_password, "/current_password")
    require_good_password(change.new_password, user, "/new_password")
    encoded = hashing.make_hash(change.new_password)
    with writing(Account.of(user)):
        if not users.replace_password(user, encoded):
            raise Problem.at("/current_password", "wrong_password", "The password was changed in the meantime.")
        user.password = encoded
        end_credentials(user.id, but=session.id)
        session.cycle_key()
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        audit.record(Event.PASSWORD_CHANGED, user.id, session.origin, session.id)
        mail.enqueue(Letter.PASSWORD_CHANGED, user.email)


def ask_reset(origin: Origin, email: str) -> None:
    """Have a link mailed to the owner of an address, if there is one; it is looked up when the mail is sent."""
    if attempts.take_mail(Letter.RESET_PASSWORD, email):
        with transaction.atomic():
            audit.record(Event.PASSWORD_RESET_ASKED, None, origin)
            mail.enqueue(Letter.RESET_PASSWORD, email)


def reset_password(origin: Origin, reset: PasswordReset) -> None:
    """Store a new password and end everything that was logged in; raise Problem (422).

    Nobody is logged in by it: a closed account stays closed, and an unverified one is mailed the link it lacks.
    """
    found = links.find(Purpose.RESET_PASSWORD, reset.token)
    user = found.user
    require_good_password(reset.password, user, "/password")
    encoded = hashing.make_hash(reset.password)
    with writing(Account.of(user)):
        links.use(found)
        users.update_user(user.id, password=encoded)
        end_credentials(user.id)
        audit.record(Event.PASSWORD_RESET, user.id, origin)
        mail.enqueue(Letter.PASSWORD_CHANGED, user.email)
        if settings.REGISTRATION == "verified" and not user.is_verified:
            mail.enqueue(Letter.VERIFY_EMAIL, user.email)
