"""Who may log in, at /auth/login/ and at /admin/ alike."""

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from app.accounts.models import Event, User
from app.accounts.queries import audit, users
from app.accounts.services.credentials import is_password_of
from app.common.clientip import Origin
from app.common.serializers import decode_email


class VerifiedAddressBackend(ModelBackend):
    """Refuse the inactive and, where ``REGISTRATION=verified``, the unverified, exactly like a wrong password."""

    def authenticate(  # type: ignore[override]  # the base takes no request from within a program
        self, request: HttpRequest, username: str | None = None, password: str | None = None, **_: Any
    ) -> User | None:
        """Return whose address and password these are, or None; raise Problem (429, 503) where neither is looked at."""
        try:
            email = decode_email(username)
        except ValueError:
            return None
        user, origin = users.find_user(email), Origin.of(request)
        candidate = user if self.user_can_authenticate(user) else None
        if is_password_of(candidate, email, password or "", origin):
            return candidate
        audit.record(Event.LOGIN_FAILED, user.id if user else None, origin)
        return None

    def user_can_authenticate(self, user: User | AnonymousUser | None) -> bool:
        is_known = settings.REGISTRATION != "verified" or getattr(user, "email_verified_at", None) is not None
        return user is not None and is_known and super().user_can_authenticate(user)
