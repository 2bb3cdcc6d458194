"""``manage.py purge_sessions``: removes the rows of sessions that have ended by age."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from app.accounts.queries import sessions


class Command(BaseCommand):
    """Delete ended sessions, a batch at a time, so that no lock is held for long."""

    help = "Delete the sessions that have ended by age. To be run now and then."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        total = 0
        while count := sessions.delete_aged_sessions(timezone.now()):
            total += count
        self.stdout.write(f"{total} sessions were purged.")
