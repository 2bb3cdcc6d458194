"""``manage.py doctor``: looks at all that Doable needs."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from app.accounts.doctor import examine
from app.accounts.doctor.finding import Level


class Command(BaseCommand):
    """Print a line for each check with what to do, and fail where one needs someone now."""

    help = "Look at all that Doable needs: a line for each check, and exit code 1 where one fails."
    requires_system_checks = []  # they are one of its own checks

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        levels = []
        for name, finding in examine():
            self.stdout.write(f"{finding.level.value:4}  {name:20}  {finding.text}")
            levels.append(finding.level)
        if Level.FAIL in levels:
            sys.exit(1)
