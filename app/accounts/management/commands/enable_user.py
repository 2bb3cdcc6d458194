"""``manage.py enable_user``: opens an account again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from app.accounts.management.named import user_named
from app.accounts.services import operators


class Command(BaseCommand):
    """Let the owner of a closed account log in again."""

    help = "Open a closed account again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        user = user_named(email)
        operators.enable(user)
        self.stdout.write(f"The account of {user} is open.")
