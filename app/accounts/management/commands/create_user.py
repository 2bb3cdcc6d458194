"""``manage.py create_user``: makes an account for someone."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from app.accounts.management.named import address_typed
from app.accounts.serializers import Name
from app.accounts.services import operators


class Command(BaseCommand):
    """Create an account and print the link by which its owner chooses a password, once and within an hour."""

    help = "Create an account and print the link by which its owner chooses a password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="")
        parser.add_argument("--operator", action="store_true", help="let the account open /admin/")

    def handle(self, *args: Any, email: str, name: str, operator: bool, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        address = address_typed(email)
        try:
            name = Name(name)
        except ValueError as fault:
            raise CommandError(f"--name: {fault}.") from fault
        user = operators.create_account(address, name=name, is_staff=operator)
        if user is None:
            raise CommandError(f"There is an account of {address} already.")
        self.stdout.write(f"The account of {address} is there. Its owner chooses a password within an hour at")
        self.stdout.write(operators.password_link(user))
