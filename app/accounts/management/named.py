"""The account that a command is about."""

from django.core.management.base import CommandError

from app.accounts.models import User
from app.accounts.queries import users
from app.common.serializers import Email, decode_email


def user_named(email: str) -> User:
    """Return the user of an address in any spelling; raise CommandError where there is none."""
    user = users.find_user(address_typed(email))
    if user is None:
        raise CommandError(f"There is no account of {email}.")
    return user


def address_typed(email: str) -> Email:
    """Return an address in its one spelling; raise CommandError for what is none."""
    try:
        return decode_email(email)
    except ValueError as fault:
        raise CommandError(f"{fault}: {email}") from fault
