"""``manage.py purge_trash``: deletes for good what was deleted long ago."""

from typing import Any

from django.core.management.base import BaseCommand

from app.trash import jobs


class Command(BaseCommand):
    """Do at once what ``run_jobs`` does every day."""

    help = "Delete for good what has been in the trash for 30 days, as run_jobs does every day."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        self.stdout.write(f"{jobs.purge_trash()} lists and todos were purged.")
