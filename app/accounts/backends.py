"""Who may log in."""

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser

from app.accounts.models import User


class VerifiedAddressBackend(ModelBackend):
    """Refuse the inactive and, where ``REGISTRATION=verified``, the unverified, exactly like a wrong password."""

    def user_can_authenticate(self, user: User | AnonymousUser | None) -> bool:
        is_known = settings.REGISTRATION != "verified" or getattr(user, "email_verified_at", None) is not None
        return is_known and super().user_can_authenticate(user)
