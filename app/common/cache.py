"""Answers kept in Redis as the bytes that go out.

The name of an answer says all that it depends on: whose it is, the state of that user's data, what was asked for, and
which release made it. So what is kept under a name can't become wrong; it is outgrown, and goes by its age. Only one
of those who find nothing makes the answer, and the others wait for it.
"""

import hashlib
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import distributions
from pathlib import Path
from uuid import UUID

from django.conf import settings

from app.common import redis
from app.common.leases import Lease, is_lease
from app.common.redis import RedisUnavailableError
from app.ops.metrics import count_cache_read

log = logging.getLogger(__name__)

PROGRAM = Path(__file__).parents[1]
LEASE_SECONDS = 2  # of who makes an answer and may be killed meanwhile
PATIENCE = 1.0  # seconds that a request waits for another, at the most
GLANCE = 0.005  # seconds between two looks
MOST_KEPT = 128 * 1024  # bytes of one answer; a larger one takes its reader longer than it takes us
NOT_KEPT_SECONDS = 5  # for which everybody makes such an answer alone


def name_of(state: bytes) -> str:
    """Return the name of an answer, by all that it depends on: 32 characters, which tell nothing about that."""
    return hashlib.blake2b(state, key=RELEASE, digest_size=16).hexdigest()


def release() -> bytes:
    """Return what is another with other code or packages, and with another key to sign the cursors in answers."""
    state = hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=32)
    for path in sorted(PROGRAM.rglob("*.py")):
        state.update(path.read_bytes())
    for package in sorted(f"{found.name} {found.version}" for found in distributions()):
        state.update(package.encode())
    return state.digest()


def keep(name: str, owner: UUID, seconds: int, make: Callable[[], bytes]) -> bytes:
    """Return the answer of a name as it is kept, else as made now; then it is kept for so many seconds."""
    lease, seal = Lease.on(f"answer:{name}"), owner.bytes + name.encode()
    try:
        found = wait_for(lease)
    except RedisUnavailableError:
        count_cache_read("answers", "nothing")
        return make()
    if found is None:
        count_cache_read("answers", "miss")
        return fill(lease, seal, seconds, make)
    if found.startswith(seal):
        count_cache_read("answers", "hit")
        return found[len(seal) :] or make()
    count_cache_read("answers", "lease")
    if not is_lease(found):
        log.error("what is kept as an answer belongs to another name or user")
    return make()


def wait_for(lease: Lease) -> bytes | None:
    """Return what is kept, or another's lease that outlasts all patience; None where the answer is to be made."""
    end = time.monotonic() + PATIENCE
    while (found := lease.find_or_take(LEASE_SECONDS)) and is_lease(found) and time.monotonic() < end:
        time.sleep(GLANCE)
    return found


def fill(lease: Lease, seal: bytes, seconds: int, make: Callable[[], bytes]) -> bytes:
    """Make the answer and keep it; of what is too long or a problem, keep that it is to be made each time.

    What is kept takes the place of any lease: it is right by its name, whoever is late.
    """
    kept, lives = b"", NOT_KEPT_SECONDS
    try:
        answer = make()
        if len(answer) <= MOST_KEPT:
            kept, lives = answer, seconds
        return answer
    finally:
        with suppress(RedisUnavailableError):
            redis.command("SET", lease.key, seal + kept, "EX", lives)


RELEASE = release()
