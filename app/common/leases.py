"""Values in Redis that are filled by lease.

Who finds nothing leaves a random token under the key, the lease, so that of all who ask at once one makes the value.
``Lease.fill`` sets it only while that very token stands: whoever deletes the key keeps back what was made before.
"""

import secrets
from functools import cache
from typing import NamedTuple

from redis import Redis
from redis.commands.core import Script

from app.common import redis

MARK = b"lease:"
FILL = """
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3]) end
"""


class Lease(NamedTuple):
    """The right to fill a key; every method raises RedisUnavailableError."""

    key: str
    token: bytes

    @classmethod
    def on(cls, key: str) -> "Lease":
        return cls(key, MARK + secrets.token_hex(8).encode())

    def find_or_take(self, seconds: int) -> bytes | None:
        """Return what stands under the key, which may be another's lease; None says that this one holds now."""
        found: bytes | None = redis.command("SET", self.key, self.token, "NX", "GET", "EX", seconds)
        return None if found == self.token else found  # its own where the first answer was lost on the way

    def fill(self, value: bytes, seconds: int) -> None:
        """Set the value, unless the lease is over."""
        redis.ask(lambda r: filler(r)(keys=[self.key], args=[self.token, value, seconds]))


def is_lease(found: bytes) -> bool:
    return found.startswith(MARK)


@cache
def filler(client: Redis) -> Script:
    return client.register_script(FILL)
