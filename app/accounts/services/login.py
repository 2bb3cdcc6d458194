"""Logging in and out, and giving the password once more."""

from typing import cast

from django.conf import settings
from django.contrib import auth
from django.db import transaction
from django.http import HttpRequest

from app.accounts.models import Event, User
from app.accounts.queries import audit
from app.accounts.serializers import Account, Credentials, PasswordProof
from app.accounts.services.credentials import confirm_password
from app.accounts.sessions import SessionStore
from app.common.errors import Code, Problem


def log_in(request: HttpRequest, given: Credentials) -> Account:
    """Begin a session; raise Problem (401), the same for an unknown address, a wrong password, a closed account."""
    user = auth.authenticate(request, username=given.email, password=given.password)
    if not isinstance(user, User):
        raise Problem(Code.INVALID_CREDENTIALS)
    return begin_session(request, user)


def begin_session(request: HttpRequest, user: User) -> Account:
    """Begin a session of whoever has proven to be this user; a second step would have its place before it.

    It takes the place of the session that the browser had, if any: where it can't begin, that one goes on.
    """
    request.session = SessionStore.instead_of(cast("SessionStore", request.session))
    auth.login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    try:
        request.session.save()
    except Exception:
        request.META["CSRF_COOKIE_NEEDS_UPDATE"] = False  # the session that goes on has its CSRF token
        raise
    return Account.of(user)


def log_out(request: HttpRequest) -> None:
    """End the session of this request, if it has one."""
    auth.logout(request)


def reauthenticate(session: SessionStore, given: PasswordProof) -> None:
    """Let a session count as just logged in, under a new token; raise Problem (422) for a wrong password."""
    user = confirm_password(session, given.password, "/password")
    with transaction.atomic(durable=True):
        session.cycle_key()
        audit.record(Event.REAUTHENTICATED, user.id, session.origin, session.id)
