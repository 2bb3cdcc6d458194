"""How a request proves who sends it."""

from typing import TYPE_CHECKING, cast

from drf_spectacular.drainage import set_override
from rest_framework import authentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from app.accounts.serializers import Account
from app.common.errors import Code, Problem

if TYPE_CHECKING:
    from app.accounts.sessions import SessionStore

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


class SessionAuthentication(authentication.SessionAuthentication):
    """The session cookie, with a CSRF token for every unsafe request, also an anonymous one.

    DRF's own class checks the token of logged-in users only, which leaves login and registration open.
    """

    reads_row = False

    def authenticate(self, request: Request) -> tuple[Account, None] | None:
        if request.method not in SAFE_METHODS:
            self.enforce_csrf(request)
        account = cast("SessionStore", request._request.session).load_account(from_row=self.reads_row)
        return (account, None) if account else None

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except PermissionDenied as refusal:
            detail = f"{refusal.detail} GET /auth/csrf/ gives a token, to be sent back as X-CSRFToken."
            raise Problem(Code.CSRF_FAILED, detail) from refusal

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - with it DRF answers 401, not 403
        return 'Session realm="doable"'


class RowAuthentication(SessionAuthentication):
    """The session as its row says at this moment, for what must not rest on a copy up to a minute old."""

    reads_row = True


# To the API's description both are the same cookie.
set_override(RowAuthentication, "suppress_collision_warning", True)


def caller(request: Request) -> Account:
    """Return the user of an authenticated request."""
    return cast("Account", request.user)
