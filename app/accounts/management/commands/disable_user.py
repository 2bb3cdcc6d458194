"""``manage.py disable_user``: closes an account."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from app.accounts.management.named import user_named
from app.accounts.services import operators


class Command(BaseCommand):
    """Let nobody log in to an account, and end its sessions and API tokens. What is in it stays."""

    help = "Close an account: nobody can log in, and its sessions and API tokens end."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        user = user_named(email)
        operators.disable(user)
        self.stdout.write(f"The account of {user} is closed.")
