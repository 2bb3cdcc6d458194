"""What goes in and out of /auth/."""

from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from msgspec import UNSET, Meta, UnsetType

from app.common.serializers import Email, Instant, Serializer
from app.common.texts import Line

EmailField = Annotated[Email, Meta(description="Without regard to case.", examples=["alice@example.org"])]
GivenPassword = Annotated[str, Meta(max_length=1024, examples=["correct horse battery staple"])]
LinkToken = Annotated[str, Meta(max_length=1000, description="What stands behind `=` in the link.")]
# The minimum can be set: it is described here, and checked together with the other rules of passwords.
LENGTH = {"minLength": settings.PASSWORD_MIN_LENGTH}
Password = Annotated[str, Meta(max_length=1024, extra_json_schema=LENGTH, examples=["correct horse battery staple"])]
NewPassword = Annotated[str, Meta(max_length=1024, extra_json_schema=LENGTH, examples=["seven quiet herons at noon"])]
Zone = Annotated[ZoneInfo, Meta(description="IANA name.", examples=["Europe/Rome"])]
CSRFToken = Annotated[str, Meta(description="To be sent back as X-CSRFToken with every unsafe request.")]


class Name(Line):
    min_length = 0
    max_length = 200
    examples = ["Alice"]


class CSRFOut(Serializer):
    """A CSRF token, which belongs to the csrftoken cookie set with it."""

    csrf_token: CSRFToken


class Registration(Serializer):
    """A new account."""

    email: EmailField
    password: Password
    name: Name = Name("")
    time_zone: Zone | UnsetType = UNSET


class Credentials(Serializer):
    """An attempt to log in."""

    email: EmailField
    password: GivenPassword


class PasswordProof(Serializer):
    """The password once more, before something that matters."""

    password: GivenPassword


class PasswordChange(Serializer):
    """The old password and the new."""

    current_password: GivenPassword
    new_password: NewPassword


class PasswordResetRequest(Serializer):
    """The address whose owner has forgotten the password."""

    email: EmailField


class PasswordReset(Serializer):
    """The token of a mail, and the new password."""

    token: LinkToken
    password: Password


class EmailChange(Serializer):
    """The address that the account shall have."""

    email: EmailField


class LinkProof(Serializer):
    """The token of a mail, which proves that the address is the user's."""

    token: LinkToken


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


class AccountUpdate(Serializer):
    """What one may change of an account at once; the address and the password have paths of their own."""

    name: Name | UnsetType = UNSET
    time_zone: Zone | UnsetType = UNSET


class Welcome(Serializer):
    """The account just logged in to, and the CSRF token of the new session."""

    user: Account
    csrf_token: CSRFToken


class MailSent(Serializer):
    """What is answered where a mail may go out, whether or not it does."""

    detail: Annotated[str, Meta(examples=["A mail is on its way to this address."])]


class SessionOut(Serializer):
    """A login on a device."""

    id: UUID
    user_agent: Annotated[str, Meta(description="What the device says it is.")]
    address: Annotated[str, Meta(description="Where it was last seen.")]
    created_at: Instant
    last_seen_at: Annotated[Instant, Meta(description="Up to a minute behind.")]
    expires_at: Annotated[Instant, Meta(description="When it ends, however much it is used.")]
    network_changed_at: Annotated[
        Instant | None, Meta(description="When it was first used from another network than before.")
    ]
    is_current: Annotated[bool, Meta(description="Whether it is the one that asks.")]

    EXAMPLE = {
        "id": "019aac3e-8a11-7f00-b6a1-2f6f0f7f9d21",
        "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        "address": "192.0.2.17",
        "created_at": "2026-11-22T08:00:00Z",
        "last_seen_at": "2026-11-22T17:30:00Z",
        "expires_at": "2026-12-22T08:00:00Z",
        "network_changed_at": None,
        "is_current": True,
    }


class Sessions(Serializer):
    """All logins of an account, the one last seen first."""

    results: list[SessionOut]


class Scope(StrEnum):
    """What an API token may do."""

    READ = "read"
    WRITE = "write"


Scopes = Annotated[
    list[Scope], Meta(min_length=1, max_length=2, description="`read` for GET, `write` for all that changes something.")
]


class TokenName(Line):
    max_length = 100
    examples = ["Backup script"]


class TokenCreate(Serializer):
    """A new API token."""

    name: TokenName
    scopes: Scopes
    expires_in_days: Annotated[int, Meta(ge=1, le=365)] = 90


class TokenOut(Serializer):
    """An API token, without the token."""

    id: UUID
    name: str
    scopes: list[Scope]
    last_four: Annotated[str, Meta(description="The last characters, to tell tokens apart.")]
    created_at: Instant
    expires_at: Instant
    last_used_at: Annotated[Instant | None, Meta(description="Up to a minute behind.")]

    EXAMPLE = {
        "id": "019aac3e-9b22-7a10-8c3d-5e6f7a8b9c0d",
        "name": "Backup script",
        "scopes": ["read"],
        "last_four": "Rsaa",
        "created_at": "2026-11-22T08:00:00Z",
        "expires_at": "2027-02-20T08:00:00Z",
        "last_used_at": None,
    }


class TokenShown(TokenOut):
    """A new API token. It is shown this once, because only its hash is kept."""

    token: Annotated[str, Meta(description="To be sent as `Authorization: Bearer …` to paths under /api/.")]

    EXAMPLE = TokenOut.EXAMPLE | {"token": "doable_4fT2mZbQ8sK1yXc7Wd0RjNvLpUa9HgEo3iBtYqMx6kF3nRsaa"}


class Tokens(Serializer):
    """All API tokens of an account, the newest first."""

    results: list[TokenOut]
