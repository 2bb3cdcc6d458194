"""What the processes of the application count while they work; docs/metrics.md says of each metric what it means.

With PROMETHEUS_MULTIPROC_DIR every process counts in files of its own in that folder, and what is shown is the sum. The
files of one that has ended go on counting, for a sum must never fall; whoever starts the server empties the folder.
"""

import logging
import os
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from http import HTTPMethod
from threading import Lock, Thread

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

log = logging.getLogger(__name__)

FOLDER = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
SETTLED_EVERY = 1.0  # seconds
METHODS = frozenset(HTTPMethod)
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15)

counted = CollectorRegistry()

request_seconds = Histogram(
    "doable_request_seconds",
    "Seconds from the arrival of a request to the beginning of its answer.",
    ["method", "route", "status"],
    registry=counted,
    buckets=SECONDS,
)
statement_seconds = Histogram(
    "doable_statement_seconds", "Seconds that PostgreSQL took for a statement.", registry=counted, buckets=SECONDS
)
statement_failures = Counter(
    "doable_statement_failures", "Statements that ended with an error.", ["error"], registry=counted
)
connects = Counter("doable_database_connects", "Connections to PostgreSQL that were opened.", registry=counted)
redis_failures = Counter(
    "doable_redis_failures", "Calls that Redis did not answer as asked.", ["error"], registry=counted
)
redis_given_up = Gauge(
    "doable_redis_given_up",
    "Processes that do without Redis for now.",
    registry=counted,
    multiprocess_mode="livesum",
)
cache_reads = Counter("doable_cache_reads", "Looks at what Redis may keep.", ["of", "found"], registry=counted)
account_events = Counter("doable_account_events", "What has happened to accounts.", ["event"], registry=counted)
limit_refusals = Counter("doable_limit_refusals", "Refusals of the limits of accounts.", ["limit"], registry=counted)
limits_without_redis = Counter(
    "doable_limits_without_redis", "Attempts that a process counted for itself, by half the limit.", registry=counted
)
hashes_refused = Counter(
    "doable_hashes_refused", "Passwords that were not looked at because too many waited.", registry=counted
)


class Ledger:
    """Notes what is counted with every request, and counts it within a second, in a thread of its own.

    Amid the work of a request prometheus-client takes some five microseconds for a number, because nothing of it is in
    the caches of the processor; for one after the other it takes one. A process that shares no numbers counts at once.
    """

    def __init__(self, *, is_shared: bool) -> None:
        self._is_shared = is_shared
        self._notes: deque[tuple[Callable[[float], None], float]] = deque()
        self._lock = Lock()
        self._thread: Thread | None = None

    def note(self, count: Callable[[float], None], value: float) -> None:
        """Have a metric count a value."""
        if not self._is_shared:
            count(value)
            return
        self._notes.append((count, value))
        if self._thread is None:
            self._start()

    def settle(self) -> None:
        """Count all that is noted."""
        with suppress(IndexError):
            while True:
                count, value = self._notes.popleft()
                count(value)

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = Thread(target=self._settle_again_and_again, name="metrics", daemon=True)
                self._thread.start()

    def _settle_again_and_again(self) -> None:
        while True:
            time.sleep(SETTLED_EVERY)
            try:
                self.settle()
            except Exception:  # such as a full disk; what is noted next has to be counted all the same
                log.exception("a number could not be counted")


ledger = Ledger(is_shared=FOLDER is not None)


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count an answer; a route is a pattern of the URL map and never a path, empty where none fits."""
    if method not in METHODS:
        method = "other"  # clients may make up as many as they like
    ledger.note(request_timer(method, route, status).observe, seconds)


def count_statement(seconds: float) -> None:
    ledger.note(statement_seconds.observe, seconds)


def count_cache_read(of: str, found: str) -> None:
    """Count a look at sessions or answers; what was found is a hit, a miss, a lease or nothing."""
    ledger.note(cache_read_counter(of, found).inc, 1)


@cache
def request_timer(method: str, route: str, status: int) -> Histogram:
    return request_seconds.labels(method, route, status)


@cache
def cache_read_counter(of: str, found: str) -> Counter:
    return cache_reads.labels(of, found)
