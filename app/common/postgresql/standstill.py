"""A PostgreSQL that stands still: no request waits longer than a statement may take, and one alone goes on trying.

One that has gone is told of by the socket. One that is frozen says nothing: its kernel takes what is sent, and none of
its own time-outs runs. So there is a limit on this side as well. Without one, a few requests would keep all threads.
"""

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Any, TypeVar

from psycopg import Connection, Error, OperationalError
from psycopg.pq import TransactionStatus

from app.ops.logging import request_id

T = TypeVar("T")

LONGEST = 6.0  # seconds; PostgreSQL itself breaks off after 5 what is no COMMIT (settings.DATABASES)
PATIENT = 61.0  # and after 60 where statements.be_patient was asked for
TRIAL = 3  # seconds to connect to what stands still; a request may have waited 10 for a thread, of the 15 it has


class Standstill:
    """While PostgreSQL stands still, lets one request of the process wait for it, and tells all others at once."""

    def __init__(self) -> None:
        self.is_on = False
        self._waiting = Lock()

    def guard(self, exchange: Callable[[], T]) -> T:
        """Return what PostgreSQL answers; where it says nothing for too long, it stands still until it does."""
        if not self.is_on:
            return self._watch(exchange)
        if not self._waiting.acquire(blocking=False):
            raise OperationalError("PostgreSQL stands still, and another request waits for it")
        try:
            return self._watch(exchange)
        finally:
            self._waiting.release()

    def _watch(self, exchange: Callable[[], T]) -> T:
        started = monotonic()
        try:
            answer = exchange()
        except Error as fault:
            if fault.sqlstate:
                self.is_on = False  # it has answered, if with an error
            elif monotonic() - started >= TRIAL:
                self.is_on = True
            raise
        self.is_on = False
        return answer


standstill = Standstill()


class LimitedConnection(Connection[Any]):
    """A connection that a request waits on for a limited time, after which it is closed."""

    longest = LONGEST

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Consume a generator, which is how psycopg talks with its server."""
        if not request_id.get():
            return super().wait(gen, interval, timeout)
        wait = super().wait
        try:
            return standstill.guard(lambda: wait(gen, interval, timeout or self.longest))
        except OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()  # an answer may still come, to what nobody asks any more
            raise


def connect(params: dict[str, Any]) -> LimitedConnection:
    """Connect, which has a limit of its own (connect_timeout)."""
    if not request_id.get():
        return LimitedConnection.connect(**params)
    limited = params | {"connect_timeout": TRIAL} if standstill.is_on else params
    return standstill.guard(lambda: LimitedConnection.connect(**limited))
