"""Who may log in."""

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from app.accounts import hashing, queries
from app.accounts.models import User
from app.common.serializers import decode_email


class VerifiedAddressBackend(ModelBackend):
    """Refuse the inactive and, where ``REGISTRATION=verified``, the unverified, exactly like a wrong password."""

    def authenticate(
        self,
        request: HttpRequest | None,  # noqa: ARG002 - Django's signature
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,  # noqa: ARG002 - Django's signature
    ) -> User | None:
        """Return the user of an address and a password, for one statement and one hash whoever is asked for.

        Raise Problem (503) where too many passwords are being checked already.
        """
        if username is None or password is None:
            return None
        user = find(username)
        if user is None:
            hashing.waste_one(password)
            return None
        is_right = hashing.matches(password, user.password, upgrade=partial(queries.renew_hash, user))
        return user if is_right and self.user_can_authenticate(user) else None

    def user_can_authenticate(self, user: User | AnonymousUser | None) -> bool:
        is_known = settings.REGISTRATION != "verified" or getattr(user, "email_verified_at", None) is not None
        return is_known and super().user_can_authenticate(user)


def find(username: str) -> User | None:
    """Return the user of an address in any spelling, None where it is no address or nobody's."""
    try:
        return queries.find_user(decode_email(username))
    except ValueError:
        return None
