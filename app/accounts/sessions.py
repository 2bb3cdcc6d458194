"""Django's session engine on ``core_session`` (SESSION_ENGINE).

The table is the truth. A session exists only for a logged-in user: nobody else has anything to remember.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.utils import timezone

from app.accounts import queries
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
    origin: Origin | None = None  # set by a login before the session is first saved
    is_stored = False

    def load(self) -> dict[str, Any]:
        session = queries.live_session(self.token_hash)
        if session is None:
            self._session_key = None
            return {}
        self.is_stored = True
        self._account = Account.of(session.user)
        return dict(session.data)

    def load_account(self) -> Account | None:
        """Return the user whose session this is, or None where it has ended."""
        self.get(SESSION_KEY)
        return self._account

    @property
    def token_hash(self) -> bytes:
        return hash_token(self.session_key or "")

    def create(self) -> None:
        """Give the session a new token; its row is written by the ``save`` at the end of the request."""
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

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's signature
        """Write the row; raise UpdateError where another request ended the session meanwhile."""
        data = dict(self.items())
        if self.is_stored:
            if not queries.update_session(self.token_hash, data):
                raise UpdateError
            return
        if self.session_key is None or must_create:
            self.create()
        self._insert(data)

    def _insert(self, data: dict[str, Any]) -> None:
        if self.origin is None:
            raise RuntimeError("only a login may begin a session")
        queries.insert_session(
            token_hash=self.token_hash,
            user_id=data[SESSION_KEY],
            expires_at=timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE),
            data=data,
            **self.origin._asdict(),
        )
        self.is_stored = True

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            queries.delete_session(hash_token(key))


def hash_token(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
