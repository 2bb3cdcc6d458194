"""``manage.py check_jobs``: tells whether the periodic jobs are being done."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from app.common import jobs


class Command(BaseCommand):
    """Fail where no process of this deployment does the periodic jobs."""

    help = "Fail unless a process does the periodic jobs."
    requires_system_checks = []  # they take longer than the question, which is asked often

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        if not jobs.are_done():
            raise CommandError("No process does the periodic jobs. Start one: python manage.py run_jobs")
        self.stdout.write("A process does the periodic jobs.")
