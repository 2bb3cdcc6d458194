"""Django's session engine on ``core_session`` (SESSION_ENGINE).

The table is the truth, and Redis holds a copy for at most a minute (``copies``). A session exists only for a
logged-in user: nobody else has anything to remember.
"""

from datetime import timedelta
from math import ceil
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions import middleware
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.http import HttpRequest
from django.utils import timezone

from app.accounts import copies
from app.accounts.copies import SessionState
from app.accounts.models import Event
from app.accounts.networks import Reaction, reaction, sight
from app.accounts.queries import sessions
from app.accounts.serializers import Account
from app.accounts.tokens import hash_token, new_token
from app.common.clientip import Origin
from app.common.errors import Code, Problem

FRESH = timedelta(minutes=15)  # how long a password counts as just given
NOWHERE = Origin("127.0.0.1", "127.0.0.0/24", "")


class SessionStore(SessionBase):
    """One session, named by the token in the cookie (``session_key``), as used from one place."""

    def __init__(self, session_key: str | None = None, origin: Origin = NOWHERE) -> None:
        super().__init__(session_key)
        self.origin = origin
        self.state: SessionState | None = None
        self._is_over = False
        self._replaced: bytes | None = None

    @classmethod
    def instead_of(cls, other: "SessionStore") -> "SessionStore":
        """Return a session that is to begin, and to end the other by beginning."""
        session = cls(origin=other.origin)
        session._replaced = other.token_hash if other.session_key else None
        return session

    # --- reading --------------------------------------------------------------------------------

    def load(self) -> dict[str, Any]:
        return self._take(copies.read(self.token_hash, self._live_session))

    def load_account(self, *, from_row: bool = False) -> Account | None:
        """Return the user whose session this is, or None where it has ended; at will by the row, never a copy."""
        if from_row and self.session_key:
            self._session_cache = self._take(self._live_session(self.token_hash))
        else:
            self.get(SESSION_KEY)
        return self.state.account if self.state else None

    def _live_session(self, token_hash: bytes) -> SessionState | None:
        return sessions.live_session(token_hash, self.origin)

    def _take(self, state: SessionState | None) -> dict[str, Any]:
        self.state = state and self._from_here(state)
        if self.state is None:
            self._session_key = None
            return {}
        return dict(self.state.data)

    def _from_here(self, state: SessionState) -> SessionState | None:
        """Return the session as it stands after a look at the network it is used from, or None if that ended it."""
        match reaction(sight(self.origin, state.network4, state.network6)):
            case Reaction.LEARN:
                sessions.remember_network(state, self.origin)
            case Reaction.NOTE:
                changed_at = sessions.note_network_change(state, self.origin)
                return msgspec.structs.replace(state, network_changed_at=changed_at)
            case Reaction.END:
                sessions.end_session(state.token_hash, Event.NETWORK_REFUSED, self.origin)
                self._is_over = True
                return None
        return state

    @property
    def live_state(self) -> SessionState:
        """What is known of a session that is logged in, which the view has seen to."""
        assert self.state  # noqa: S101 - tells mypy what IsAuthenticated says
        return self.state

    @property
    def id(self) -> UUID:
        """The id by which the user may name this session."""
        return self.live_state.id

    @property
    def account(self) -> Account:
        return self.live_state.account

    @property
    def token_hash(self) -> bytes:
        return hash_token(self.session_key or "")

    def require_fresh_password(self) -> None:
        """Raise Problem (403) unless the password was given within 15 minutes, and since the network changed."""
        given, moved = self.live_state.authenticated_at, self.live_state.network_changed_at
        has_moved = settings.SESSION_IP_VALIDATION == "adaptive" and moved and moved > given
        if has_moved or given < timezone.now() - FRESH:
            raise Problem(Code.REAUTHENTICATION_REQUIRED)

    # --- writing --------------------------------------------------------------------------------

    def create(self) -> None:
        """Give a session that begins its token; the row is written by ``save``."""
        self._session_key = new_token()
        self.modified = True

    def cycle_key(self) -> None:
        """Go on under a new token, once the password was given: what knew the old one knows nothing now."""
        if self.state is None:
            self.create()
            return
        old, self._session_key, now = self.token_hash, new_token(), timezone.now()
        if not sessions.replace_token(old, self.token_hash, now):
            raise Problem(Code.UNAUTHENTICATED, "This session has ended.")
        self.state = msgspec.structs.replace(self.state, token_hash=self.token_hash, authenticated_at=now)
        self.modified = True

    def save(self, must_create: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - Django's signature
        """Write the row; raise UpdateError where another request ended the session meanwhile."""
        data = dict(self.items())
        if self.state is None:
            self._begin(data)
        elif data != self.state.data and not sessions.update_session(self.token_hash, data):
            raise UpdateError
        else:
            self.state = msgspec.structs.replace(self.state, data=data)

    def _begin(self, data: dict[str, Any]) -> None:
        """Write the row of a login; raise Problem (401) if the password that was verified is no longer the user's."""
        if SESSION_KEY not in data:
            raise RuntimeError("a session begins at a login")
        try:
            self.state = sessions.insert_session(self.token_hash, data, self.origin, self._replaced)
        except Exception:
            self._forget()
            raise

    def _forget(self) -> None:
        """Be no session, or the middleware would store and announce what never began."""
        self.clear()
        self._session_key = None
        self.modified = False

    def delete(self, session_key: str | None = None) -> None:
        """End the session at a logout."""
        self._is_over = True
        key = session_key or self.session_key
        if key:
            sessions.end_session(hash_token(key), Event.LOGGED_OUT, self.origin)
        self.state = None

    def is_empty(self) -> bool:
        """Tell whether the cookie shall be taken back: at a logout, and not because a token is no longer known.

        The answer to a request that is late would otherwise take away the cookie that a login has set since.
        """
        return self._is_over and super().is_empty()

    def get_expiry_age(self, **kwargs: Any) -> int:
        """Return for how many seconds the cookie is good: until the session ends, whatever happens."""
        if self.state is None:
            return int(super().get_expiry_age(**kwargs))
        return ceil((self.state.expires_at - timezone.now()).total_seconds())


class SessionMiddleware(middleware.SessionMiddleware):
    """Django's own, with a session that knows where the request comes from."""

    def process_request(self, request: HttpRequest) -> None:
        token = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        request.session = SessionStore(token, Origin.of(request))
