"""What the accounts have to have done now and then (PERIODIC_JOBS)."""

from collections.abc import Callable

from django.conf import settings
from django.utils import timezone

from app.accounts.queries import api_tokens, audit, mail, sessions, users
from app.accounts.services.mail import send_due_mail

__all__ = ["forget_old_events", "purge_api_tokens", "purge_links", "purge_sessions", "purge_sign_ups", "send_due_mail"]


def purge_sessions() -> int:
    """Delete the sessions that have ended by age."""
    return in_batches(lambda: sessions.delete_aged_sessions(timezone.now()))


def purge_links() -> int:
    """Delete what the links of mails stood for that are too old."""
    return mail.delete_aged_links()


def purge_sign_ups() -> int:
    """Delete the accounts whose address nobody has confirmed for a week, where REGISTRATION asks for that."""
    return users.delete_unverified() if settings.REGISTRATION == "verified" else 0


def purge_api_tokens() -> int:
    """Delete the API tokens that ended a month ago."""
    return api_tokens.delete_aged_tokens()


def forget_old_events() -> int:
    """Blur the addresses of audit events after 90 days, and delete the events after a year."""
    return in_batches(audit.forget_old)


def in_batches(work: Callable[[], int]) -> int:
    """Call it until there is nothing left to do, so that no lock is held for long; return how much there was."""
    total = 0
    while count := work():
        total += count
    return total
