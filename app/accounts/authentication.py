"""How a request proves who sends it."""

from typing import TYPE_CHECKING, cast

from rest_framework import authentication
from rest_framework.request import Request

from app.accounts.serializers import Account

if TYPE_CHECKING:
    from app.accounts.sessions import SessionStore

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


class SessionAuthentication(authentication.SessionAuthentication):
    """The session cookie, with a CSRF token for every unsafe request, also an anonymous one.

    DRF's own class checks the token of logged-in users only, which leaves login and registration open.
    """

    def authenticate(self, request: Request) -> tuple[Account, None] | None:
        if request.method not in SAFE_METHODS:
            self.enforce_csrf(request)
        account = cast("SessionStore", request._request.session).load_account()
        return (account, None) if account else None

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - with it DRF answers 401, not 403
        return 'Session realm="doable"'


def caller(request: Request) -> Account:
    """Return the user of an authenticated request."""
    return cast("Account", request.user)
