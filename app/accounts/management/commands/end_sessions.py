"""``manage.py end_sessions``: logs a user out everywhere."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from app.accounts.queries import users
from app.accounts.services import operators


class Command(BaseCommand):
    """End all sessions of one user, at once where Redis can be reached, within a minute otherwise."""

    help = "End all sessions of a user."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        user = users.find_user(email)
        if user is None:
            raise CommandError(f"There is no account of {email}.")
        self.stdout.write(f"{operators.end_sessions(user)} sessions of {email} were ended.")
