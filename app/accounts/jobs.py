"""What the accounts have to have done now and then."""

from django.utils import timezone

from app.accounts import queries


def purge_sessions() -> int:
    """Delete the sessions that have ended by age, a batch at a time, so that no lock is held for long."""
    total = 0
    while count := queries.delete_aged_sessions(timezone.now()):
        total += count
    return total
