"""Rate limits that hold for all processes together: so many at once, then one at a time (GCRA).

A bucket is one number in Redis: the moment at which it is full again. To take one moves that moment on by an
interval; who would move it further away than a whole bucket takes to fill is refused. One script does it by the clock
of Redis, so neither takes at the same moment nor the clocks of machines matter. While Redis can't be reached, each
process counts for itself, by half the limit.

Nothing here belongs to a transaction: what a request has taken stays taken when its changes are rolled back.
"""

import math
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from operator import itemgetter
from typing import NamedTuple

from django.utils.crypto import salted_hmac
from redis import Redis
from redis.commands.core import Script

from app.common import redis
from app.common.errors import Code, Problem
from app.common.redis import RedisUnavailableError
from app.ops import metrics

SECOND = 1_000_000  # microseconds, in which all moments and spans are counted
TAKE, GIVE_BACK = 1, -1
MOST_LOCAL_BUCKETS = 10_000  # some 2 MB

# KEYS: the buckets. ARGV: TAKE or GIVE_BACK, then interval and capacity of each bucket.
# A moment too far away to be true, as after a change of the clock, counts as an empty bucket.
CHARGE = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local full_at, wait = {}, 0
for i, key in ipairs(KEYS) do
    local interval, capacity = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
    local stored = tonumber(redis.call('GET', key)) or now
    full_at[i] = math.max(now, math.min(stored, now + capacity)) + ARGV[1] * interval
    wait = math.max(wait, full_at[i] - now - capacity)
end
if wait > 0 then return wait end
for i, key in ipairs(KEYS) do
    if full_at[i] > now then
        redis.call('SET', key, string.format('%.0f', full_at[i]), 'PX', math.ceil((full_at[i] - now) / 1000))
    else
        redis.call('DEL', key)
    end
end
return 0
"""


@dataclass(frozen=True)
class Limit:
    """``count`` at once, and one more each ``seconds / count``."""

    name: str
    count: int
    seconds: int

    @property
    def interval(self) -> int:
        """Return in how many microseconds one more becomes free."""
        return self.seconds * SECOND // self.count

    @property
    def capacity(self) -> int:
        """Return in how many microseconds an empty bucket is full again."""
        return self.interval * self.count

    @property
    def halved(self) -> "Limit":
        return replace(self, count=max(1, self.count // 2))


class Bucket(NamedTuple):
    """What one subject, such as an e-mail address, has left of a limit."""

    limit: Limit
    subject: str

    @property
    def key(self) -> str:
        """Return its name in Redis, which tells nobody the subject; the braces keep all on one node of a cluster."""
        digest = salted_hmac("doable.limits", self.subject, algorithm="sha256").hexdigest()
        return f"{{limit}}:{self.limit.name}:{digest}"


def take(*buckets: Bucket) -> None:
    """Take one from each bucket; where one is empty, take none and raise Problem (429) that says how long to wait."""
    wait = charge(TAKE, buckets)
    if wait:
        metrics.limit_refusals.labels("+".join(bucket.limit.name for bucket in buckets)).inc()
        seconds = math.ceil(wait / SECOND)
        raise Problem(Code.RATE_LIMITED, f"Too many attempts. Try again in {seconds} s.", retry_after=seconds)


def try_take(bucket: Bucket) -> bool:
    """Take one, and return whether there was one left."""
    is_left = charge(TAKE, [bucket]) == 0
    if not is_left:
        metrics.limit_refusals.labels(bucket.limit.name).inc()
    return is_left


def give_back(*buckets: Bucket) -> None:
    """Undo one take; a bucket never holds more than its limit."""
    charge(GIVE_BACK, buckets)


def charge(direction: int, buckets: Sequence[Bucket]) -> int:
    """Return 0 where it was done for all buckets, else the microseconds after which it can be."""
    keys = [bucket.key for bucket in buckets]
    spans = [span for bucket in buckets for span in (bucket.limit.interval, bucket.limit.capacity)]
    try:
        wait = int(redis.ask(lambda r: charger(r)(keys, [direction, *spans])))
    except RedisUnavailableError:
        metrics.limits_without_redis.inc()
        return local_buckets.charge(direction, buckets)
    if not wait:
        local_buckets.follow(direction, buckets)  # so that this process knows its part when Redis fails next
    return wait


@cache
def charger(client: Redis) -> Script:
    return client.register_script(CHARGE)


class LocalBuckets:
    """Buckets of this process alone, with half of each limit: two processes together allow what Redis would."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._full_at: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._full_at)

    def charge(self, direction: int, buckets: Sequence[Bucket]) -> int:
        """Do what the script does in Redis."""
        with self._lock:
            now = time.monotonic_ns() // 1000
            limits = {bucket.key: bucket.limit.halved for bucket in buckets}
            full_at = {
                key: max(now, self._full_at.get(key, now)) + direction * limit.interval for key, limit in limits.items()
            }
            wait = max(full_at[key] - now - limit.capacity for key, limit in limits.items())
            if wait > 0:
                return wait
            self._full_at |= full_at
            self._make_room()
        return 0

    def follow(self, direction: int, buckets: Sequence[Bucket]) -> None:
        """Do what Redis has done, where there is room: an empty bucket may not have given what comes back."""
        if direction == TAKE or not any(self._is_empty(bucket) for bucket in buckets):
            self.charge(direction, buckets)

    def _is_empty(self, bucket: Bucket) -> bool:
        limit = bucket.limit.halved
        return self._full_at.get(bucket.key, 0) - time.monotonic_ns() // 1000 > limit.capacity - limit.interval

    def _make_room(self) -> None:
        """Forget the fullest tenth: a flood of subjects shall neither fill the memory nor refill an empty bucket."""
        if len(self._full_at) > MOST_LOCAL_BUCKETS:
            fullest_first = sorted(self._full_at.items(), key=itemgetter(1))
            self._full_at = dict(fullest_first[MOST_LOCAL_BUCKETS // 10 :])


local_buckets = LocalBuckets()
