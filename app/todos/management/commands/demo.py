"""``manage.py demo``: an account with a believable year in it."""

import logging
import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from app.accounts.serializers import Account
from app.accounts.services import operators
from app.todos.demo import write_year


class Command(BaseCommand):
    """Make a new account with lists and 2,000 todos, and print how to log in."""

    help = "Make an account with a year of lists and todos (2,000), and print its login."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        logging.disable(logging.INFO)  # what is noted of the account would stand above what is printed
        email = f"demo-{secrets.token_hex(6)}@example.org"
        password = secrets.token_urlsafe(12)
        user = operators.create_account(email, name="Demo", password=password)
        assert user  # noqa: S101 - nobody else has this address
        todos = write_year(Account.of(user))
        self.stdout.write(
            f"\n  {todos:,} todos of the past year are waiting for you.\n\n"
            f"  address   {settings.PUBLIC_URL}/api/docs/\n"
            f"  e-mail    {email}\n"
            f"  password  {password}\n"
        )
