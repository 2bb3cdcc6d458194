"""What ``manage.py wait_for_database`` does: patience at the start, when everything is started at once."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

DEADLINE = 60.0  # seconds
PAUSE = 1.0  # seconds


class Command(BaseCommand):
    help = f"Return when PostgreSQL can be used, or fail after {DEADLINE:.0f} seconds with its last complaint."
    requires_system_checks: list[str] = []

    def handle(self, *_: Any, **__: Any) -> None:
        give_up = time.monotonic() + DEADLINE
        while complaint := refusal():
            if time.monotonic() > give_up:
                raise CommandError(f"PostgreSQL has not answered within {DEADLINE:.0f} seconds: {complaint}")
            time.sleep(PAUSE)


def refusal() -> str:
    """Return why there is no connection, which is nothing where there is one."""
    try:
        connection.ensure_connection()
    except OperationalError as fault:
        return str(fault).strip().rpartition("\n")[2]
    return ""
