"""What operators do with accounts, from /admin/ and from the command line."""

from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from app.accounts import attempts
from app.accounts.models import Event, Letter, User
from app.accounts.queries import audit, mail, sessions, users
from app.accounts.serializers import Account
from app.accounts.services import links
from app.accounts.services.beginnings import add_account
from app.accounts.services.credentials import end_credentials
from app.accounts.services.writing import writing
from app.common.clientip import Origin
from app.common.errors import Code, Problem


class Operator(NamedTuple):
    """Who does it: someone at /admin/, or whoever has a shell on the machine, who has neither id nor origin."""

    id: UUID | None = None
    origin: Origin | None = None


AT_SHELL = Operator()


def create_account(email: str, *, name: str = "", is_staff: bool = False, password: str | None = None) -> User | None:
    """Create an account, or return None where the address has one. It counts as verified: an operator vouches for it.

    Without a password nobody can log in before the owner has chosen one (``password_link``).
    """
    user = User(email=email, name=name, is_staff=is_staff, email_verified_at=timezone.now())
    user.set_password(password)
    with transaction.atomic(durable=True):
        if not add_account(user):
            return None
        audit.record(Event.ACCOUNT_CREATED, user.id)
        if is_staff:
            audit.record(Event.OPERATOR_GRANTED, user.id)
    return user


def password_link(user: User) -> str:
    """Return the link by which the owner of an account chooses a password, once and within an hour."""
    return links.address(Letter.RESET_PASSWORD, user, user.email)


def send_password_link(user: User, by: Operator = AT_SHELL) -> None:
    """Have that link mailed to the owner; raise Problem 422 (closed account) or 429 (too many mails of late)."""
    if not user.is_active:
        raise Problem(Code.INVALID, "The account is closed, so no password opens it. Enable it first.")
    if not attempts.take_mail(Letter.RESET_PASSWORD, user.email):
        raise Problem(Code.RATE_LIMITED, "Too many links were mailed to this address of late. Try again in an hour.")
    with transaction.atomic(durable=True):
        audit.record(Event.PASSWORD_RESET_ASKED, user.id, by.origin, actor_id=by.id)
        mail.enqueue(Letter.RESET_PASSWORD, user.email, user.id)


def disable(user: User, by: Operator = AT_SHELL) -> None:
    """Close an account and end all that is logged in to it; raise Problem (422) for one's own."""
    refuse_oneself(user, by)
    with writing(Account.of(user)):
        users.update_user(user.id, is_active=False)
        end_credentials(user.id)
        audit.record(Event.ACCOUNT_DISABLED, user.id, by.origin, actor_id=by.id)


def enable(user: User, by: Operator = AT_SHELL) -> None:
    """Open an account again; whoever was logged in logs in anew."""
    change(user, by, Event.ACCOUNT_ENABLED, is_active=True)


def grant(user: User, by: Operator = AT_SHELL) -> None:
    """Make a user an operator."""
    change(user, by, Event.OPERATOR_GRANTED, is_staff=True)


def revoke(user: User, by: Operator = AT_SHELL) -> None:
    """Make an operator an ordinary user again; raise Problem (422) for oneself."""
    refuse_oneself(user, by)
    change(user, by, Event.OPERATOR_REVOKED, is_staff=False)


def change(user: User, by: Operator, event: Event, **columns: Any) -> None:
    with writing(Account.of(user)):
        users.update_user(user.id, **columns)
        audit.record(event, user.id, by.origin, actor_id=by.id)


def refuse_oneself(user: User, by: Operator) -> None:
    """Raise Problem (422): who locks themself out may have locked out the last operator."""
    if user.id == by.id:
        raise Problem(Code.INVALID, "This is your own account. Another operator can do it.")


def end_sessions(user: User, by: Operator = AT_SHELL) -> int:
    """End all sessions of a user; return how many there were."""
    with writing(Account.of(user)):
        count = sessions.delete_sessions_of(user.id)
        audit.record(Event.OPERATOR_ENDED_SESSIONS, user.id, by.origin, actor_id=by.id)
    return count


def end_all_sessions(by: Operator = AT_SHELL) -> int:
    """End the sessions of everybody that have begun by now, in batches; return how many there were.

    It is one event of nobody in particular.
    """
    audit.record(Event.OPERATOR_ENDED_SESSIONS, None, by.origin, actor_id=by.id)
    now, total = timezone.now(), 0
    while count := sessions.delete_sessions_begun_by(now):
        total += count
    return total
