"""The copy of a session in Redis, which spares the database a look at each request. The row stays the truth.

A copy is filled by lease: who finds nothing leaves a random token under the key, and may fill it only while that
very token stands. Ending a session deletes the key after the row, so that whoever read the row before can't
bring the session back. A copy lives for a minute at most; that bounds what a Redis out of reach can't be told.
"""

import logging
import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from functools import cache
from typing import Any, cast
from uuid import UUID

import msgspec
from django.utils import timezone
from redis import Redis
from redis.commands.core import Script

from app.accounts.serializers import Account
from app.common import redis
from app.common.redis import RedisUnavailableError

log = logging.getLogger(__name__)

SHAPE = 2  # of a copy; one more with every change of SessionState, so that no release reads what another has left
LEASE = b"lease:"
LEASE_SECONDS = 10  # longer than a statement may take
COPY_SECONDS = 60
FILL = """
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3]) end
"""


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
    lease = LEASE + secrets.token_hex(8).encode()
    try:
        found = redis.ask(lambda r: get_or_lease(r, key_of(token_hash), lease))
    except RedisUnavailableError:
        return load(token_hash)
    if found is None:
        return fill(token_hash, lease, load(token_hash))
    try:
        return decode(token_hash, found)
    except ValueError:  # a lease of another request, or not ours at all
        return load(token_hash)


def get_or_lease(client: Redis, key: str, lease: bytes) -> bytes | None:
    return cast("bytes | None", client.set(key, lease, nx=True, get=True, ex=LEASE_SECONDS))


def decode(token_hash: bytes, found: bytes) -> SessionState | None:
    """Return what a copy says; raise ValueError where it says nothing about this session."""
    if found.startswith(LEASE):
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


def fill(token_hash: bytes, lease: bytes, state: SessionState | None) -> SessionState | None:
    """Leave a copy, also of there being no session, unless the lease was taken away meanwhile."""
    with suppress(RedisUnavailableError):
        redis.ask(
            lambda r: filler(r)(keys=[key_of(token_hash)], args=[lease, msgspec.json.encode(state), COPY_SECONDS])
        )
    return state


def drop(token_hashes: Iterable[bytes]) -> None:
    """Take away copies and leases, after their rows have changed or gone."""
    keys = [key_of(token_hash) for token_hash in token_hashes]
    with suppress(RedisUnavailableError):
        if keys:
            redis.ask(lambda r: r.delete(*keys))


@cache
def filler(client: Redis) -> Script:
    return client.register_script(FILL)


def key_of(token_hash: bytes) -> str:
    return f"session:{SHAPE}:{token_hash.hex()}"
