"""How a request proves who sends it: by the session cookie, or on /api/ by an API token."""

from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.http import QueryDict
from rest_framework import authentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from app.accounts.queries import api_tokens
from app.accounts.serializers import Account, Scope
from app.accounts.tokens import hash_token, is_api_token
from app.common.errors import CHALLENGE, Code, Problem

if TYPE_CHECKING:
    from django.core.handlers.wsgi import WSGIRequest

    from app.accounts.sessions import SessionStore

SAME_ORIGIN = ("", "none", "same-origin")


class BearerAuthentication(authentication.BaseAuthentication):
    """An API token (RFC 6750). It works on /api/ alone: credentials are managed by who knows the password."""

    def authenticate(self, request: Request) -> tuple[Account, list[str]] | None:
        scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            raise Problem(Code.AMBIGUOUS_CREDENTIALS)
        if not request.path.startswith("/api/"):
            raise Problem(Code.INSUFFICIENT_SCOPE, "API tokens work on /api/ alone. Log in for this.")
        found = api_tokens.live_token(hash_token(token)) if is_api_token(token) else None
        if found is None:
            raise Problem(Code.UNAUTHENTICATED, "The API token is wrong, deleted or too old.")
        require_scope(request, found[1])
        return found

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - with it DRF answers 401, not 403
        return CHALLENGE


def require_scope(request: Request, scopes: list[str]) -> None:
    """Raise Problem (403) where a token may not do what the request asks for."""
    needed = Scope.READ if request.method in SAFE_METHODS else Scope.WRITE
    if needed not in scopes:
        raise Problem(Code.INSUFFICIENT_SCOPE, f"This API token lacks the scope {needed.value}.")


class SessionAuthentication(authentication.SessionAuthentication):
    """The session cookie, with a CSRF token for every unsafe request, also an anonymous one.

    DRF's own class checks the token of logged-in users only, which leaves login and registration open.
    """

    def authenticate(self, request: Request) -> tuple[Account, None] | None:
        if request.method not in SAFE_METHODS:
            self.enforce_csrf(request)
        # What concerns credentials must not rest on a copy up to a minute old.
        account = session_of(request).load_account(from_row=request.path.startswith("/auth/"))
        return (account, None) if account else None

    def enforce_csrf(self, request: Request) -> None:
        if request.headers.get("Sec-Fetch-Site", "").lower() not in SAME_ORIGIN:
            raise Problem(Code.CSRF_FAILED, "The browser says that a page of another site sent this.")
        # Django looks for the token in the body first. Nobody has vouched for that yet, and to read it may be to store
        # it: only the header counts.
        plain = cast("WSGIRequest", request._request)
        plain.POST = QueryDict()
        try:
            super().enforce_csrf(plain)  # type: ignore[arg-type]  # it only hands it on to Django
        except PermissionDenied as refusal:
            detail = f"{refusal.detail} GET /auth/csrf/ gives a token, to be sent as X-CSRFToken; API tokens need none."
            raise Problem(Code.CSRF_FAILED, detail) from refusal


def caller(request: Request) -> Account:
    """Return the user of an authenticated request."""
    return cast("Account", request.user)


def session_of(request: Request) -> "SessionStore":
    """Return the session that a request came with, which may be an empty one."""
    return cast("SessionStore", request._request.session)
