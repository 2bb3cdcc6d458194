"""The copy of a session in Redis, which spares the database a look at each request. The row stays the truth.

A copy is filled by lease (``common.leases``). Ending a session deletes the key after the row, so that whoever read
the row before can't bring the session back. A copy lives for a minute at most; that bounds what a Redis out of reach
can't be told.
"""

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.utils import timezone

from app.accounts.serializers import Account
from app.common import redis
from app.common.leases import Lease, is_lease
from app.common.redis import RedisUnavailableError
from app.ops.metrics import count_cache_read

log = logging.getLogger(__name__)

SHAPE = 2  # of a copy; one more with every change of SessionState, so that no release reads what another has left
LEASE_SECONDS = 10  # longer than a statement may take
COPY_SECONDS = 60


class SessionState(msgspec.Struct, frozen=True):
    """A live session as a request needs it."""

    id: UUID
    token_hash: bytes
    account: Account
    data: dict[str, Any]
    expires_at: datetime
    authenticated_at: datetime
    network4: str | None
    network6: str | None
    network_changed_at: datetime | None


Load = Callable[[bytes], SessionState | None]
decoder = msgspec.json.Decoder(SessionState | None)


def read(token_hash: bytes, load: Load) -> SessionState | None:
    """Return the live session of a token from its copy, else by ``load``, which reads the row."""
    lease = Lease.on(key_of(token_hash))
    try:
        found = lease.find_or_take(LEASE_SECONDS)
    except RedisUnavailableError:
        count_cache_read("sessions", "nothing")
        return load(token_hash)
    if found is None:
        count_cache_read("sessions", "miss")
        return fill(lease, load(token_hash))
    count_cache_read("sessions", "lease" if is_lease(found) else "hit")
    try:
        return decode(token_hash, found)
    except ValueError:  # a lease of another request, or not ours at all
        return load(token_hash)


def decode(token_hash: bytes, found: bytes) -> SessionState | None:
    """Return what a copy says; raise ValueError where it says nothing about this session."""
    if is_lease(found):
        raise ValueError("a lease")
    try:
        state = decoder.decode(found)
    except msgspec.DecodeError as fault:
        log.exception("a session's copy can't be read")
        raise ValueError("unreadable") from fault
    if state and (state.token_hash != token_hash):
        log.error("a session's copy belongs to another session")
        raise ValueError("foreign")
    return state if state and state.expires_at > timezone.now() else None


def fill(lease: Lease, state: SessionState | None) -> SessionState | None:
    """Leave a copy, also of there being no session, unless the lease was taken away meanwhile."""
    with suppress(RedisUnavailableError):
        lease.fill(msgspec.json.encode(state), COPY_SECONDS)
    return state


def drop(token_hashes: Iterable[bytes]) -> None:
    """Take away copies and leases, after their rows have changed or gone."""
    keys = [key_of(token_hash) for token_hash in token_hashes]
    with suppress(RedisUnavailableError):
        if keys:
            redis.ask(lambda r: r.delete(*keys))


def key_of(token_hash: bytes) -> str:
    return f"session:{SHAPE}:{token_hash.hex()}"
