"""``manage.py run_jobs``: does the periodic work of ``PERIODIC_JOBS`` until it is stopped."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from app.common.jobs import Runner


class Command(BaseCommand):
    """Run for ever. Any number of these may run; one does the jobs, the others wait to take its place."""

    help = "Do the periodic jobs until SIGTERM or SIGINT. Of several such processes one works, the others stand by."
    requires_system_checks = []  # `migrate` has made them, as it does before every start

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        Runner(settings.PERIODIC_JOBS).run()
