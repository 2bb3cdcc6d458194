"""How often one may try: to guess a password, to have mail sent to someone."""

from uuid import UUID

from django.conf import settings

from app.accounts.models import Letter
from app.common import limits
from app.common.clientip import Origin
from app.common.limits import Bucket, Limit

LOGIN_OF_ACCOUNT = Limit("login-account", count=10, seconds=15 * 60)
LOGIN_FROM_NETWORK = Limit("login-network", count=50, seconds=15 * 60)
MAIL_TO_ADDRESS = Limit("mail", count=5, seconds=60 * 60)
MAIL_OF_ACCOUNT = Limit("mail-account", count=10, seconds=60 * 60)
NOTE_OF_LIMIT = Limit("note", count=1, seconds=15 * 60)


def login_buckets(email: str, origin: Origin, *, is_known_network: bool) -> list[Bucket]:
    """Return what an attempt to log in is counted by, whether or not the account exists.

    The networks that an account was used from count apart, so that nobody elsewhere can shut its owner out.
    """
    if is_known_network:
        return [Bucket(LOGIN_OF_ACCOUNT, f"{email} {origin.network}")]
    account = Bucket(LOGIN_OF_ACCOUNT, email)
    if origin.address in settings.RATE_LIMIT_EXEMPT:
        return [account]
    return [account, Bucket(LOGIN_FROM_NETWORK, origin.network)]


def take_mail(letter: Letter, email: str) -> bool:
    """Count a letter to an address; return whether it may be sent. Where not, the answer must not tell."""
    return limits.try_take(Bucket(MAIL_TO_ADDRESS, f"{letter} {email}"))


def take_mail_of(user_id: UUID) -> None:
    """Count a mail that a user has sent to an address of their choice; raise Problem (429)."""
    limits.take(Bucket(MAIL_OF_ACCOUNT, str(user_id)))


def take_note(email: str) -> bool:
    """Return whether the audit shall hear that an account is limited: once in a quarter of an hour is enough."""
    return limits.try_take(Bucket(NOTE_OF_LIMIT, email))
