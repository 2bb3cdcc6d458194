"""What goes in and out of /auth/."""

from typing import Annotated, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from msgspec import UNSET, Meta, UnsetType

from app.common.serializers import Email, Serializer

EmailField = Annotated[Email, Meta(description="Without regard to case.", examples=["alice@example.org"])]
# The minimum can be set: it is described here, and checked together with the other rules of passwords.
LENGTH = {"minLength": settings.PASSWORD_MIN_LENGTH}
Password = Annotated[str, Meta(max_length=1024, extra_json_schema=LENGTH, examples=["correct horse battery staple"])]
Name = Annotated[str, Meta(max_length=200, examples=["Alice"])]
Zone = Annotated[ZoneInfo, Meta(description="IANA name.", examples=["Europe/Rome"])]
CSRFToken = Annotated[str, Meta(description="To be sent back as X-CSRFToken with every unsafe request.")]


class CSRFOut(Serializer):
    """A CSRF token, which belongs to the csrftoken cookie set with it."""

    csrf_token: CSRFToken


class Registration(Serializer):
    """A new account."""

    email: EmailField
    password: Password
    name: Name = ""
    time_zone: Zone | UnsetType = UNSET


class Credentials(Serializer):
    """An attempt to log in."""

    email: EmailField
    password: Annotated[str, Meta(max_length=1024, examples=["correct horse battery staple"])]


class Verification(Serializer):
    """The token of a mail that asks whether an address is the user's."""

    token: Annotated[str, Meta(max_length=1000)]


class Account(Serializer):
    """An account as its owner sees it; also the user of an authenticated request."""

    id: UUID
    email: str
    name: str
    time_zone: str
    is_verified: bool

    EXAMPLE = {
        "id": "019aac3e-7f5a-7c0e-9d6b-4f2a8c1e5b70",
        "email": "alice@example.org",
        "name": "Alice",
        "time_zone": "Europe/Rome",
        "is_verified": False,
    }
    is_authenticated: ClassVar[bool] = True  # DRF's permissions ask for it


class Welcome(Serializer):
    """The account just logged in to, and the CSRF token of the new session."""

    user: Account
    csrf_token: CSRFToken


class MailSent(Serializer):
    """What a sign-up answers where addresses are verified, for a new and a taken address alike."""

    detail: Annotated[str, Meta(examples=["A mail is on its way to this address."])]
