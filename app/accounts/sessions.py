"""Django's session engine on ``core_session`` (SESSION_ENGINE).

The table is the truth, and Redis holds a copy for at most a minute (``copies``). A session exists only for a
logged-in user: nobody else has anything to remember.
"""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.utils import timezone

from app.accounts import copies, queries
from app.accounts.copies import SessionState
from app.accounts.models import User
from app.accounts.serializers import Account

TOKEN_BYTES = 32


class Origin(NamedTuple):
    """Where a login came from."""

    address: str
    network: str
    user_agent: str


class SessionStore(SessionBase):
    """One session, named by the token in the cookie (``session_key``)."""

    _account: Account | None = None
    _stored_data: Mapping[str, Any] = {}
    is_stored = False

    def load(self) -> dict[str, Any]:
        return self._take(copies.read(self.token_hash, queries.live_session))

    def _take(self, state: SessionState | None) -> dict[str, Any]:
        self._account = state.account if state else None
        self.is_stored = state is not None
        if state is None:
            self._session_key = None
            return {}
        self._stored_data = state.data
        return dict(state.data)

    def load_account(self, *, from_row: bool = False) -> Account | None:
        """Return the user whose session this is, or None where it has ended; at will by the row, never a copy."""
        if from_row and self.session_key:
            self._session_cache = self._take(queries.live_session(self.token_hash))
        else:
            self.get(SESSION_KEY)
        return self._account

    @property
    def token_hash(self) -> bytes:
        return hash_token(self.session_key or "")

    def create(self) -> None:
        """Give the session a new token; its row is written by ``begin``."""
        self._session_key = secrets.token_urlsafe(TOKEN_BYTES)
        self.is_stored = False
        self.modified = True

    def cycle_key(self) -> None:
        """Change the token at login, so that one planted before is worth nothing."""
        self.get(SESSION_KEY)  # loads what is to be kept, while the old token still names it
        old = self.session_key
        self.create()
        if old:
            self.delete(old)

    def save(self, must_create: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - Django's signature
        """Write the row; raise UpdateError where another request ended the session meanwhile."""
        data = dict(self.items())
        if not self.is_stored:
            raise RuntimeError("a session begins with begin(), at a login")
        if data != self._stored_data and not queries.update_session(self.token_hash, data):
            raise UpdateError
        self._stored_data = data

    def begin(self, user: User, origin: Origin) -> None:
        """Write the row of a login; raise Problem (401) if the password that was verified is no longer the user's."""
        data = dict(self.items())
        expires_at = timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE)
        try:
            queries.insert_session(
                user, token_hash=self.token_hash, expires_at=expires_at, data=data, **origin._asdict()
            )
        except Exception:
            self.flush()  # or the middleware would store and announce what never began
            raise
        self.is_stored, self._stored_data = True, data

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            queries.delete_session(hash_token(key))


def hash_token(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
