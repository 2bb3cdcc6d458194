"""What operators do with accounts, from /admin/ and from the command line."""

from django.db import transaction
from django.utils import timezone

from app.accounts.models import Event, Letter, User
from app.accounts.queries import audit, sessions, users
from app.accounts.serializers import Account
from app.accounts.services import links
from app.accounts.services.credentials import end_credentials
from app.accounts.services.writing import writing
from app.common.clientip import Origin


def create_account(email: str, *, name: str = "", is_staff: bool = False, password: str | None = None) -> User | None:
    """Create an account, or return None where the address has one. It counts as verified: an operator vouches for it.

    Without a password nobody can log in before the owner has chosen one (``password_link``).
    """
    user = User(email=email, name=name, is_staff=is_staff, email_verified_at=timezone.now())
    user.set_password(password)
    with transaction.atomic(durable=True):
        if not users.insert_user(user):
            return None
        audit.record(Event.ACCOUNT_CREATED, user.id)
    return user


def password_link(user: User) -> str:
    """Return the link by which the owner of an account chooses a password, once and within an hour."""
    return links.address(Letter.RESET_PASSWORD, user, user.email)


def disable(user: User, origin: Origin | None = None) -> None:
    """Close an account and end all that is logged in to it."""
    with writing(Account.of(user)):
        users.update_user(user.id, is_active=False)
        end_credentials(user.id)
        audit.record(Event.ACCOUNT_DISABLED, user.id, origin)


def enable(user: User, origin: Origin | None = None) -> None:
    """Open an account again; whoever was logged in logs in anew."""
    with writing(Account.of(user)):
        users.update_user(user.id, is_active=True)
        audit.record(Event.ACCOUNT_ENABLED, user.id, origin)


def end_sessions(user: User, origin: Origin | None = None) -> int:
    """End all sessions of a user; return how many there were."""
    with writing(Account.of(user)):
        count = sessions.delete_sessions_of(user.id)
        audit.record(Event.OPERATOR_ENDED_SESSIONS, user.id, origin)
    return count
