"""The way to Redis, which may be slow, full or gone: then every caller goes on without it.

A call waits at most 250 ms. After three failures within a second no call is made for five seconds; then one
request tries again, while the others still do without.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from django.conf import settings
from redis import ConnectionPool, Redis, RedisError
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import MaxConnectionsError, OutOfMemoryError, ReadOnlyError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

from app.ops import metrics

log = logging.getLogger(__name__)
T = TypeVar("T")
Word = bytes | str | int

TIMEOUT = 0.25  # seconds
FAILURES, WITHIN = 3, 1.0  # seconds
PAUSE = 5.0  # seconds
OPTIONS: dict[str, Any] = {
    "max_connections": 20,
    "socket_connect_timeout": TIMEOUT,
    "socket_timeout": TIMEOUT,
    "retry": Retry(NoBackoff(), retries=1, supported_errors=(RedisConnectionError,)),
}
GONE = (RedisConnectionError, RedisTimeoutError, OutOfMemoryError, ReadOnlyError)


class RedisUnavailableError(Exception):
    """Redis was not asked, or did not answer."""


class Breaker:
    """Spares callers the wait for a Redis that does not answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures: deque[float] = deque(maxlen=FAILURES)
        self._open_until = 0.0

    def is_open(self) -> bool:
        """Tell whether to do without Redis; after the pause exactly one caller is let through to try."""
        with self._lock:
            now = time.monotonic()
            if not self._open_until:
                return False
            if now < self._open_until:
                return True
            self._open_until = now + PAUSE
            return False

    def succeeded(self) -> None:
        if self._open_until:
            with self._lock:
                self._open_until = 0.0
                self._failures.clear()
                metrics.redis_given_up.set(0)
            log.warning("redis answers again")

    def failed(self) -> None:
        with self._lock:
            now = time.monotonic()
            self._failures.append(now)
            trips = len(self._failures) == FAILURES and now - self._failures[0] <= WITHIN
            opens = trips and not self._open_until
            if trips or self._open_until:
                self._open_until = now + PAUSE
        if opens:
            metrics.redis_given_up.set(1)
            log.error("redis does not answer; going on without it")


breaker = Breaker()


def ask(question: Callable[["Redis"], T]) -> T:
    """Return what Redis answers; raise RedisUnavailableError where it does not."""
    return guarded(lambda: question(client()))


def command(*words: Word) -> Any:
    """Return the bytes that Redis answers to one command, as ``ask`` does in three times the processor's time."""
    return guarded(lambda: exchange(words))


def guarded(work: Callable[[], T]) -> T:
    if breaker.is_open():
        raise RedisUnavailableError
    try:
        answer = work()
    except RedisError as fault:
        metrics.redis_failures.labels(type(fault).__name__).inc()
        note_failure(fault)
        raise RedisUnavailableError from fault
    breaker.succeeded()
    return answer


def note_failure(fault: RedisError) -> None:
    """Tell the breaker where Redis is gone, and the log where it is there and refuses."""
    if isinstance(fault, MaxConnectionsError):
        return
    if isinstance(fault, GONE):
        breaker.failed()
    else:
        log.error("redis refuses a command", exc_info=fault)


def exchange(words: tuple[Word, ...]) -> Any:
    """Send a command on an idle connection, and once more where the server has ended that meanwhile."""
    try:
        connection = idle.pop()
    except IndexError:
        connection = pool().get_connection()
    try:
        return answer_to(connection, words)
    except RedisConnectionError:
        connection.disconnect()
        return answer_to(connection, words)
    except BaseException:
        connection.disconnect()  # or the next command would read the answer to this one
        raise
    finally:
        idle.append(connection)


def answer_to(connection: Any, words: tuple[Word, ...]) -> Any:
    connection.send_command(*words)
    return connection.read_response()


@cache
def client() -> Redis:
    """Return this process's client: bytes in, bytes out."""
    return Redis.from_url(settings.REDIS_URL, **OPTIONS)


@cache
def pool() -> ConnectionPool:
    """Return where the connections of ``command`` come from; those of ``ask`` are others."""
    return ConnectionPool.from_url(settings.REDIS_URL, **OPTIONS)


idle: deque[Any] = deque()  # those of ``command``; there are as many as threads have met
