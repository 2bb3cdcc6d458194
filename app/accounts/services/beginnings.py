"""What every new account begins with."""

from django.conf import settings
from django.utils.module_loading import import_string

from app.accounts.models import User
from app.accounts.queries import users
from app.accounts.serializers import Account


def add_account(user: User) -> bool:
    """Store a new user with all that an account begins with; return False where the address has one.

    It is a part of the caller's transaction. The steps (NEW_ACCOUNT_STEPS) belong to packages that know this one, so
    the settings name them. They run for a taken address too, where they find no user and do nothing, so that both
    cost the same statements. They need no write door, because nobody else can know this user yet.
    """
    is_new = users.insert_user(user)
    for step in settings.NEW_ACCOUNT_STEPS:
        import_string(step)(Account.of(user))
    return is_new
