"""``manage.py purge_sessions``: removes the rows of sessions that have ended by age."""

from typing import Any

from django.core.management.base import BaseCommand

from app.accounts import jobs


class Command(BaseCommand):
    """Do at once what ``run_jobs`` does every hour."""

    help = "Delete the sessions that have ended by age, as run_jobs does every hour."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        self.stdout.write(f"{jobs.purge_sessions()} sessions were purged.")
