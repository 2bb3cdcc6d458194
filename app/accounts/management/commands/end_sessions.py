"""``manage.py end_sessions``: logs a user out everywhere, or everybody."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from app.accounts.management.named import user_named
from app.accounts.services import operators


class Command(BaseCommand):
    """End sessions, at once where Redis can be reached, within a minute otherwise."""

    help = "End all sessions of a user, or of everybody."

    def add_arguments(self, parser: CommandParser) -> None:
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("email", nargs="?")
        whose.add_argument("--all", action="store_true", dest="everybody", help="end the sessions of everybody")

    def handle(self, *args: Any, email: str | None, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        if email is None:
            self.stdout.write(f"{operators.end_all_sessions()} sessions of everybody were ended.")
        else:
            user = user_named(email)
            self.stdout.write(f"{operators.end_sessions(user)} sessions of {user} were ended.")
